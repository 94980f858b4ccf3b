// create gives a handle that is none.

#define ON_CREATE                                                                                  \
  *interpreter = (pep554_interpreter_t*)16;                                                        \
  return PEP554_OK
#include "harness/tests/hostile/plugins/good_plugin.h"
