// run writes what is no text to both streams.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN write_all(1, "\xff\0\xc3\x28\x1b[2J", 9), write_all(2, "\xf0\x9f", 2)
#include "harness/tests/hostile/plugins/good_plugin.h"
