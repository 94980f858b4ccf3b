// run kills the host before that can have heard of it, and sleeps.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN (void)kill(getppid(), SIGKILL), sleep_for_ever()

#include "harness/tests/hostile/plugins/good_plugin.h"
