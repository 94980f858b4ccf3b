// run replaces the process by a program that ends well.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN (void)execl("/bin/true", "true", (char*)NULL)
#include "harness/tests/hostile/plugins/good_plugin.h"
