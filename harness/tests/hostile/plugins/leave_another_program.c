// run leaves a process that has become another program, in a session of its own.
#include "harness/tests/hostile/plugins/misdeeds.h"

static void leave_program(void) {
  if (fork() != 0)
    return;
  setsid();
  (void)execl("/bin/sleep", "sleep", "infinity", (char*)NULL);
  _exit(1);
}

#define ON_RUN leave_program()
#include "harness/tests/hostile/plugins/good_plugin.h"
