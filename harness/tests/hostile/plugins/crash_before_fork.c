// The host itself crashes, in the hook before a fork.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_BEFORE_FORK crash()
#include "harness/tests/hostile/plugins/good_plugin.h"
