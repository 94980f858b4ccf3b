// run reads a mapping beyond the end of its file: SIGBUS.
#include <sys/mman.h>

#include "harness/tests/hostile/plugins/misdeeds.h"

static void read_beyond(void) {
  const int file = memfd_create("short", 0);
  const volatile char* mapping = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
  (void)mapping[100];
}

#define ON_RUN read_beyond()
#include "harness/tests/hostile/plugins/good_plugin.h"
