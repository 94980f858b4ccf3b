// run opens descriptors until it gets no more, and keeps them.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN                                                                                     \
  while (open("/dev/null", O_RDONLY) >= 0) {                                                       \
  }
#include "harness/tests/hostile/plugins/good_plugin.h"
