// run makes its host its tracer, and stops at a signal.
#include <sys/ptrace.h>

#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN (void)ptrace(PTRACE_TRACEME, 0, 0, 0), (void)raise(SIGUSR1), sleep_for_ever()
#include "harness/tests/hostile/plugins/good_plugin.h"
