// enumerate counts two, and gives no handles.

#define ON_ENUMERATE return *count = 2, PEP554_OK
#include "harness/tests/hostile/plugins/good_plugin.h"
