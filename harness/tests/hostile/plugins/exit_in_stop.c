// The process leaves with status 0 while it is finalized.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_STOP _exit(0)
#include "harness/tests/hostile/plugins/good_plugin.h"
