// run kills its whole process group.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN (void)kill(0, SIGKILL)
#include "harness/tests/hostile/plugins/good_plugin.h"
