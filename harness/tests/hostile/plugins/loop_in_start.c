// The runtime computes for ever while it starts.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_START loop()
#include "harness/tests/hostile/plugins/good_plugin.h"
