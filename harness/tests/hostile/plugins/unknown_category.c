// destroy raises with a category that does not exist.

#define ON_DESTROY return raised(error, -7, "of no kind")
#include "harness/tests/hostile/plugins/good_plugin.h"
