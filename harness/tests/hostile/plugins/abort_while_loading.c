// A constructor that aborts.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_LOAD abort()
#include "harness/tests/hostile/plugins/good_plugin.h"
