// run crashes on the second lane of a program.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_LANE crash()
#include "harness/tests/hostile/plugins/good_plugin.h"
