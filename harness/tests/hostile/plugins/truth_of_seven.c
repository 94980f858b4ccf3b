// is_running answers 7, which is no truth.

#define ON_IS_RUNNING return *running = 7, PEP554_OK
#include "harness/tests/hostile/plugins/good_plugin.h"
