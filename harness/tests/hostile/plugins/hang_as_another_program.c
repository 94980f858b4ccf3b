// run replaces the process by a program that never ends.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN (void)execl("/bin/sleep", "sleep", "infinity", (char*)NULL)
#include "harness/tests/hostile/plugins/good_plugin.h"
