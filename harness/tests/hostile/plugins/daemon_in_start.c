// The starting runtime leaves a daemon behind.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_START leave_a_daemon()
#include "harness/tests/hostile/plugins/good_plugin.h"
