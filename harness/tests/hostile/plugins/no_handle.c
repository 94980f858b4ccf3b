// create answers ok, and writes nothing.

#define ON_CREATE return PEP554_OK
#include "harness/tests/hostile/plugins/good_plugin.h"
