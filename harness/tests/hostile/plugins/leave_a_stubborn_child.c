// run leaves a stopped child that ignores every signal.
#include "harness/tests/hostile/plugins/misdeeds.h"

static void leave_stubborn(void) {
  if (fork() != 0)
    return;
  for (int number = 1; number < NSIG; ++number)
    (void)signal(number, SIG_IGN);
  (void)raise(SIGSTOP);
  sleep_for_ever();
}

#define ON_RUN leave_stubborn()
#include "harness/tests/hostile/plugins/good_plugin.h"
