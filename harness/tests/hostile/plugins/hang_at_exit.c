// The runtime was finalized, and a handler that it left never ends.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_STOP atexit(sleep_for_ever)
#include "harness/tests/hostile/plugins/good_plugin.h"
