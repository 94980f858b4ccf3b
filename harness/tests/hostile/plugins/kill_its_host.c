// run kills the host, and sleeps.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN wait_until_heard(), (void)kill(getppid(), SIGKILL), sleep_for_ever()

#include "harness/tests/hostile/plugins/good_plugin.h"
