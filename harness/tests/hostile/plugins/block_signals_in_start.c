// The starting runtime blocks every signal, and ignores those that it can.
#include "harness/tests/hostile/plugins/misdeeds.h"

static void block(void) {
  sigset_t all;
  sigfillset(&all);
  (void)sigprocmask(SIG_BLOCK, &all, NULL);
  for (int number = 1; number < NSIG; ++number)
    if (number != SIGCHLD)
      (void)signal(number, SIG_IGN);
}

#define ON_START block()
#include "harness/tests/hostile/plugins/good_plugin.h"
