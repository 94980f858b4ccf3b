// run ends the thread of the second lane, and the process goes on.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_LANE pthread_exit(NULL)
#include "harness/tests/hostile/plugins/good_plugin.h"
