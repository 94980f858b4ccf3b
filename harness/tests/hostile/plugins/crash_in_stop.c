// The runtime crashes while it is finalized.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_STOP crash()
#include "harness/tests/hostile/plugins/good_plugin.h"
