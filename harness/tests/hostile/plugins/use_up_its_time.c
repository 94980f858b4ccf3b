// run lets the process compute for no more than a second, and computes.
#include <sys/resource.h>

#include "harness/tests/hostile/plugins/misdeeds.h"

static void use_up(void) {
  const struct rlimit second = {1, 2};
  (void)setrlimit(RLIMIT_CPU, &second);
  loop();
}

#define ON_RUN use_up()
#include "harness/tests/hostile/plugins/good_plugin.h"
