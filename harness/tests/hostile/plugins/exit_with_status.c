// run leaves the process by exit, with a status, while handlers run.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN exit(3)
#include "harness/tests/hostile/plugins/good_plugin.h"
