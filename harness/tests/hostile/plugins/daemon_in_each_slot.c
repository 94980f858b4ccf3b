// Each slot leaves a daemon behind, in a session of its own.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_EACH_SLOT leave_a_daemon()
#include "harness/tests/hostile/plugins/good_plugin.h"
