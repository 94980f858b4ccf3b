// The runtime becomes another program while it starts.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_START (void)execl("/bin/true", "true", (char*)NULL)
#include "harness/tests/hostile/plugins/good_plugin.h"
