// create gives the main interpreter's handle.

#define ON_CREATE                                                                                  \
  *interpreter = &runtime->interpreters[0];                                                        \
  return PEP554_OK
#include "harness/tests/hostile/plugins/good_plugin.h"
