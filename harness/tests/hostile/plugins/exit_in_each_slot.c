// Each slot leaves the process with status 0.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_EACH_SLOT _exit(0)
#include "harness/tests/hostile/plugins/good_plugin.h"
