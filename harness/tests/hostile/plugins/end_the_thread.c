// run ends the thread that called it, and with it the process.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN pthread_exit(NULL)
#include "harness/tests/hostile/plugins/good_plugin.h"
