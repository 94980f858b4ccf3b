// The runtime was finalized, and a handler that it left aborts at the exit.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_STOP atexit(abort)
#include "harness/tests/hostile/plugins/good_plugin.h"
