// The runtime recurses without end while it starts: no handler has a stack to run on.
#include "harness/tests/hostile/plugins/misdeeds.h"

static volatile int depth;

static int recurse(int level) {
  char room[4096];
  depth = level;
  memset(room, level, sizeof room);
  return level < 0 ? 0 : recurse(level + 1) + room[depth % 4096];
}

#define ON_START (void)recurse(0)
#include "harness/tests/hostile/plugins/good_plugin.h"
