// No fault at all: the control.
#include "harness/tests/hostile/plugins/good_plugin.h"
