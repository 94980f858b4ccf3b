// run keeps a descriptor each time.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN (void)open("/dev/null", O_RDONLY)
#include "harness/tests/hostile/plugins/good_plugin.h"
