// A thread that the starting runtime made crashes.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_START pthread_join(on_a_thread(crash_on_thread), NULL)
#include "harness/tests/hostile/plugins/good_plugin.h"
