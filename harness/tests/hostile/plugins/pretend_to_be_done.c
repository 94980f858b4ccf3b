// run writes the record that says that the program is done, and leaves.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN write_all(event_channel(3), "{\"e\":\"done\"}", 12), _exit(0)
#include "harness/tests/hostile/plugins/good_plugin.h"
