// is_running lies in every process but the one that the runtime was started in.
#include "harness/tests/hostile/plugins/misdeeds.h"

static pid_t started_in;

#define ON_START started_in = getpid()
#define ON_IS_RUNNING                                                                              \
  if (getpid() != started_in)                                                                      \
  return *running = 1, PEP554_OK
#include "harness/tests/hostile/plugins/good_plugin.h"
