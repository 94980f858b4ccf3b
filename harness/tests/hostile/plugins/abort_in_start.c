// The runtime aborts while it starts, with a word about it.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_START (void)fputs("the runtime cannot start\n", stderr), abort()
#include "harness/tests/hostile/plugins/good_plugin.h"
