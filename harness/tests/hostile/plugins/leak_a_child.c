// run keeps a child each time.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN                                                                                     \
  if (fork() == 0)                                                                                 \
  sleep_for_ever()
#include "harness/tests/hostile/plugins/good_plugin.h"
