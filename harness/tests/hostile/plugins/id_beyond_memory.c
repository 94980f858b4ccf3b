// read_id says that it needs more than any memory.

#define ON_READ_ID return *length = SIZE_MAX - 1, PEP554_OK
#include "harness/tests/hostile/plugins/good_plugin.h"
