// Each process crashes before its program begins.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_AFTER_FORK_CHILD crash()
#include "harness/tests/hostile/plugins/good_plugin.h"
