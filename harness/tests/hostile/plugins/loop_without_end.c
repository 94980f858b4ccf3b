// run computes for ever.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN loop()
#include "harness/tests/hostile/plugins/good_plugin.h"
