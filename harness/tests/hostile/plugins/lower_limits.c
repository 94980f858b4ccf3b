// run lets its process open and write nothing more.
#include <sys/resource.h>

#include "harness/tests/hostile/plugins/misdeeds.h"

static void lower(void) {
  const struct rlimit none = {0, 0};
  (void)setrlimit(RLIMIT_NOFILE, &none);
  (void)setrlimit(RLIMIT_FSIZE, &none);
  (void)setrlimit(RLIMIT_NPROC, &none);
}

#define ON_RUN lower()
#include "harness/tests/hostile/plugins/good_plugin.h"
