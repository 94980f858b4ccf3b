// The starting runtime ignores SIGCHLD: the system then reaps the host's children.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_START (void)signal(SIGCHLD, SIG_IGN)
#include "harness/tests/hostile/plugins/good_plugin.h"
