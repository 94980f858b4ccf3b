// run leaves a child that has the event channel and both streams.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN                                                                                     \
  if (fork() == 0)                                                                                 \
  sleep_for_ever()
#include "harness/tests/hostile/plugins/good_plugin.h"
