// Each slot crashes.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_EACH_SLOT crash()
#include "harness/tests/hostile/plugins/good_plugin.h"
