// run closes every descriptor of its process.
#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN closefrom(0)
#include "harness/tests/hostile/plugins/good_plugin.h"
