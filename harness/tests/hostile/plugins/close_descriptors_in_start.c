// The starting runtime closes every descriptor, the host's among them.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_START closefrom(0)
#include "harness/tests/hostile/plugins/good_plugin.h"
