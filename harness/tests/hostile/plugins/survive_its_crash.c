// run crashes for ever: its handler of SIGSEGV returns to the fault.
#include "harness/tests/hostile/plugins/misdeeds.h"

static void ignore(int number) {
  (void)number;
}

static void crash_for_ever(void) {
  (void)signal(SIGSEGV, ignore);
  crash();
}

#define ON_RUN crash_for_ever()
#include "harness/tests/hostile/plugins/good_plugin.h"
