// run writes to stderr for ever.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN write_for_ever(STDERR_FILENO)
#include "harness/tests/hostile/plugins/good_plugin.h"
