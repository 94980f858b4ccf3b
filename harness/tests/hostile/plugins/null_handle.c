// create answers ok, and gives no handle.

#define ON_CREATE                                                                                  \
  *interpreter = NULL;                                                                             \
  return PEP554_OK
#include "harness/tests/hostile/plugins/good_plugin.h"
