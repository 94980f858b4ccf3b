// is_running answers with a status that does not exist.

#define ON_IS_RUNNING return (pep554_status_t)17
#include "harness/tests/hostile/plugins/good_plugin.h"
