// Each slot aborts.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_EACH_SLOT abort()
#include "harness/tests/hostile/plugins/good_plugin.h"
