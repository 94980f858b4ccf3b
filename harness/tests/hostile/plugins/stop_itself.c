// enumerate stops its process by SIGSTOP.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_ENUMERATE (void)raise(SIGSTOP)
#include "harness/tests/hostile/plugins/good_plugin.h"
