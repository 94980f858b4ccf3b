// run becomes the parent of its orphans, and leaves daemons.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN (void)prctl(PR_SET_CHILD_SUBREAPER, 1), leave_a_daemon(), leave_a_daemon()
#include "harness/tests/hostile/plugins/good_plugin.h"
