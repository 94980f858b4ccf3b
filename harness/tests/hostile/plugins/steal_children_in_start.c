// The starting runtime installs a handler that waits for every child of the process.
#include <sys/wait.h>

#include "harness/tests/hostile/plugins/misdeeds.h"

static void steal(int number) {
  (void)number;
  const int kept = errno;
  while (waitpid(-1, NULL, WNOHANG) > 0) {
  }
  errno = kept;
}

#define ON_START (void)signal(SIGCHLD, steal)
#include "harness/tests/hostile/plugins/good_plugin.h"
