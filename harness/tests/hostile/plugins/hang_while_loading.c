// A constructor that never returns.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_LOAD sleep_for_ever()
#include "harness/tests/hostile/plugins/good_plugin.h"
