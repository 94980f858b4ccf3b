// run forks, and so does each child, for ever. A safety stop ends it long after any limit.
#include <sys/mman.h>

#include "harness/tests/hostile/plugins/misdeeds.h"

enum { FAR_TOO_MANY = 2000 };

static void fork_for_ever(void) {
  int* count = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  while (__atomic_add_fetch(count, 1, __ATOMIC_SEQ_CST) < FAR_TOO_MANY)
    (void)fork();
  sleep_for_ever();
}

#define ON_RUN fork_for_ever()
#include "harness/tests/hostile/plugins/good_plugin.h"
