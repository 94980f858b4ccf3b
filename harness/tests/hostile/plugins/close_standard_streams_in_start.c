// The starting runtime closes descriptors 0, 1 and 2, as daemons do.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_START close(0), close(1), close(2)
#include "harness/tests/hostile/plugins/good_plugin.h"
