// The host itself crashes, in the hook after a fork.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_AFTER_FORK_PARENT crash()
#include "harness/tests/hostile/plugins/good_plugin.h"
