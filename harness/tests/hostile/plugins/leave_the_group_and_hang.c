// run goes on in a child of its own session and group, holding every stream open.
#include "harness/tests/hostile/plugins/misdeeds.h"

static void leave_the_group(void) {
  if (fork() == 0)
    setsid();
  sleep_for_ever();
}

#define ON_RUN leave_the_group()
#include "harness/tests/hostile/plugins/good_plugin.h"
