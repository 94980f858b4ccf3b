// destroy frees something twice, and glibc aborts.
#include "harness/tests/hostile/plugins/misdeeds.h"

static void free_twice(void) {
  void* volatile something = malloc(24);
  void* volatile again = something;
  free(something);
  free(again);
}

#define ON_DESTROY free_twice()
#include "harness/tests/hostile/plugins/good_plugin.h"
