// read_id says each time that it needs one byte more.

#define ON_READ_ID return *length = capacity, PEP554_OK
#include "harness/tests/hostile/plugins/good_plugin.h"
