// The runtime ends the thread that finalizes it.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_STOP pthread_exit(NULL)
#include "harness/tests/hostile/plugins/good_plugin.h"
