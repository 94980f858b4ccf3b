// create sleeps for an hour.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_CREATE sleep(3600)
#include "harness/tests/hostile/plugins/good_plugin.h"
