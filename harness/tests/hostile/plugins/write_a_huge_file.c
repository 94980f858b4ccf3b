// run writes a file of 1 GiB to $TMPDIR.
#include "harness/tests/hostile/plugins/misdeeds.h"

static void write_huge(void) {
  static const char text[1 << 20] = "and so on";
  char path[4096];
  const char* folder = getenv("TMPDIR");
  (void)snprintf(path, sizeof path, "%s/huge", folder != NULL ? folder : "/tmp");
  const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  for (int i = 0; i < 1024; ++i)
    write_all(file, text, sizeof text);
  close(file);
}

#define ON_RUN write_huge()
#include "harness/tests/hostile/plugins/good_plugin.h"
