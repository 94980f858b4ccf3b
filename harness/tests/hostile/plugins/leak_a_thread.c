// run keeps a thread each time.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN (void)on_a_thread(sleep_on_thread)
#include "harness/tests/hostile/plugins/good_plugin.h"
