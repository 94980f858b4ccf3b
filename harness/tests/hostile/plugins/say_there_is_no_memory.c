// run takes and uses all memory that there is, gives it back, and says that it could not run.
#include "harness/tests/hostile/plugins/misdeeds.h"

static void take_and_give_back(void) {
  const size_t portion = 1 << 20;
  void** last = NULL;
  for (void** more = malloc(portion); more != NULL; more = malloc(portion)) {
    memset(more, 1, portion);
    *more = last;
    last = more;
  }
  while (last != NULL) {
    void** before = *last;
    free(last);
    last = before;
  }
}

#define ON_RUN                                                                                     \
  take_and_give_back();                                                                            \
  return (void)raised(error, PEP554_OTHER, "there is no memory"), PEP554_FAILED

#include "harness/tests/hostile/plugins/good_plugin.h"
