// run never returns on the second lane, while the first waits for it.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_LANE sleep_for_ever()
#include "harness/tests/hostile/plugins/good_plugin.h"
