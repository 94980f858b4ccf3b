// run executes what is no instruction.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN __builtin_trap()
#include "harness/tests/hostile/plugins/good_plugin.h"
