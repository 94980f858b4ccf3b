// read_id gives another id each time.

static int times_read = 100;

#define ON_READ_ID                                                                                 \
  return *length = (size_t)snprintf(buffer, capacity, "%d", ++times_read), PEP554_OK
#include "harness/tests/hostile/plugins/good_plugin.h"
