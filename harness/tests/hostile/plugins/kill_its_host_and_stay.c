// run kills the host, from a daemon that is tied to nothing and goes on.
#include "harness/tests/hostile/plugins/misdeeds.h"

static void kill_and_stay(void) {
  wait_until_heard();
  const pid_t host = getppid();
  if (fork() == 0) {
    setsid();
    if (fork() == 0) {
      (void)kill(host, SIGKILL);
      sleep_for_ever();
    }
  }
  sleep_for_ever();
}

#define ON_RUN kill_and_stay()
#include "harness/tests/hostile/plugins/good_plugin.h"
