// destroy raises, and fills both texts to the last byte, without a NUL.
#include "harness/abi/pep554_plugin.h"
#include <string.h>

static pep554_status_t fill(pep554_error_t* error) {
  memset(error->type, 't', sizeof error->type);
  memset(error->message, '\xff', sizeof error->message);
  return PEP554_RAISED;
}

#define ON_DESTROY return fill(error)
#include "harness/tests/hostile/plugins/good_plugin.h"
