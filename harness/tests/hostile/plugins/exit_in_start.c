// The runtime leaves the process at once while it starts.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_START _exit(0)
#include "harness/tests/hostile/plugins/good_plugin.h"
