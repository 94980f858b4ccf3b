// The runtime never finishes to be finalized.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_STOP sleep_for_ever()
#include "harness/tests/hostile/plugins/good_plugin.h"
