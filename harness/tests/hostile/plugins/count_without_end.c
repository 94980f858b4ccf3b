// enumerate says each time that there is one more than it had room for.

#define ON_ENUMERATE return *count = capacity + 1, PEP554_OK
#include "harness/tests/hostile/plugins/good_plugin.h"
