// run writes to stdout for ever, far beyond 1 GiB.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN write_for_ever(STDOUT_FILENO)
#include "harness/tests/hostile/plugins/good_plugin.h"
