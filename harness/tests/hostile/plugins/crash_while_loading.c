// A constructor that crashes.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_LOAD crash()
#include "harness/tests/hostile/plugins/good_plugin.h"
