// run stops the host, which then keeps no deadline.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN (void)kill(getppid(), SIGSTOP), sleep_for_ever()
#include "harness/tests/hostile/plugins/good_plugin.h"
