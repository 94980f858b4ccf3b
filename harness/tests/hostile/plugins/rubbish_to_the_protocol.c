// run writes rubbish into the pipes between its host and pep554.
#include "harness/tests/hostile/plugins/misdeeds.h"

static void write_rubbish(void) {
  wait_until_heard();
  write_into_pipes_of(getppid(), "rubbish, and more rubbish", 25);
}

#define ON_RUN write_rubbish()

#include "harness/tests/hostile/plugins/good_plugin.h"
