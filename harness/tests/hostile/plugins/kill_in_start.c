// The runtime kills its process while it starts.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_START (void)raise(SIGKILL)
#include "harness/tests/hostile/plugins/good_plugin.h"
