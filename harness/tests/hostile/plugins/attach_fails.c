// No thread can be attached.

#define ON_ATTACH return (void)raised(error, PEP554_OTHER, "no room for a thread"), PEP554_FAILED
#include "harness/tests/hostile/plugins/good_plugin.h"
