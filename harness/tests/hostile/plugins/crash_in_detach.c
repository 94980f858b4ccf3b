// Crashes when a thread is detached.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_DETACH crash()
#include "harness/tests/hostile/plugins/good_plugin.h"
