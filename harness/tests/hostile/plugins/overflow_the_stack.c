// run recurses without end.
#include "harness/tests/hostile/plugins/misdeeds.h"

static volatile int depth;

static int recurse(int level) {
  char room[4096];
  depth = level;
  memset(room, level, sizeof room);
  return level < 0 ? 0 : recurse(level + 1) + room[depth % 4096];
}

#define ON_RUN (void)recurse(0)
#include "harness/tests/hostile/plugins/good_plugin.h"
