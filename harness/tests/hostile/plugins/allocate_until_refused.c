// run takes and uses all memory that there is, and aborts when there is none.
#include "harness/tests/hostile/plugins/misdeeds.h"

static void allocate(void) {
  const size_t portion = 1 << 20;
  for (void* more = malloc(portion); more != NULL; more = malloc(portion))
    memset(more, 1, portion);
  abort();
}

#define ON_RUN allocate()
#include "harness/tests/hostile/plugins/good_plugin.h"
