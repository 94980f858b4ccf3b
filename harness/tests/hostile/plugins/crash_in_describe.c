// Crashes when it is to say what it is.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_DESCRIBE crash()
#include "harness/tests/hostile/plugins/good_plugin.h"
