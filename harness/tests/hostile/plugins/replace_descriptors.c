// run puts /dev/null in the place of every descriptor, so that nothing fails and nothing arrives.
#include "harness/tests/hostile/plugins/misdeeds.h"

static void replace(void) {
  const int nothing = open("/dev/null", O_RDWR);
  for (int fd = 0; fd < 1024; ++fd)
    if (fd != nothing && fcntl(fd, F_GETFD) >= 0)
      (void)dup2(nothing, fd);
}

#define ON_RUN replace()
#include "harness/tests/hostile/plugins/good_plugin.h"
