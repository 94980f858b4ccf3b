// enumerate says that there are more interpreters than any memory holds.

#define ON_ENUMERATE return *count = SIZE_MAX / 2, PEP554_OK
#include "harness/tests/hostile/plugins/good_plugin.h"
