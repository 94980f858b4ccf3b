// The starting runtime writes to every pipe of the host.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_START write_into_pipes_of(getpid(), "rubbish, and more rubbish", 25)
#include "harness/tests/hostile/plugins/good_plugin.h"
