// run writes records to the event channel for ever.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN write_for_ever(event_channel(3))
#include "harness/tests/hostile/plugins/good_plugin.h"
