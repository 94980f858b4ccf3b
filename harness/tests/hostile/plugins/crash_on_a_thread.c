// A thread that run made crashes while run waits for it.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN pthread_join(on_a_thread(crash_on_thread), NULL)
#include "harness/tests/hostile/plugins/good_plugin.h"
