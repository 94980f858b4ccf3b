// The runtime never comes up.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_START sleep_for_ever()
#include "harness/tests/hostile/plugins/good_plugin.h"
