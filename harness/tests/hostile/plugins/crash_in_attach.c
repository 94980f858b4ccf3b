// Crashes when a thread is attached.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_ATTACH crash()
#include "harness/tests/hostile/plugins/good_plugin.h"
