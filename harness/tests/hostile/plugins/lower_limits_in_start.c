// The starting runtime lets its process open no more descriptors.
#include <sys/resource.h>

#include "harness/tests/hostile/plugins/misdeeds.h"

static void lower(void) {
  const struct rlimit none = {8, 8};
  (void)setrlimit(RLIMIT_NOFILE, &none);
}

#define ON_START lower()
#include "harness/tests/hostile/plugins/good_plugin.h"
