// The runtime crashes while it starts.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_START crash()
#include "harness/tests/hostile/plugins/good_plugin.h"
