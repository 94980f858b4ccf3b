// Crashes when it is asked for an extension.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_GET_EXTENSION crash()
#include "harness/tests/hostile/plugins/good_plugin.h"
