// run blocks and ignores every signal, and sleeps.
#include "harness/tests/hostile/plugins/misdeeds.h"

static void block(void) {
  sigset_t all;
  sigfillset(&all);
  (void)pthread_sigmask(SIG_BLOCK, &all, NULL);
  for (int number = 1; number < NSIG; ++number)
    (void)signal(number, SIG_IGN);
  sleep_for_ever();
}

#define ON_RUN block()
#include "harness/tests/hostile/plugins/good_plugin.h"
