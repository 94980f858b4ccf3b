// A constructor that leaves the process as if all were well.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_LOAD exit(0)
#include "harness/tests/hostile/plugins/good_plugin.h"
