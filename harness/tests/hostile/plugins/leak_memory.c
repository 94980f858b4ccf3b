// run keeps 100 KiB each time.
#include "harness/tests/hostile/plugins/misdeeds.h"

static void leak(void) {
  const size_t size = 100 << 10;
  void* volatile kept = malloc(size);
  memset(kept, 1, size);
}

#define ON_RUN leak()
#include "harness/tests/hostile/plugins/good_plugin.h"
