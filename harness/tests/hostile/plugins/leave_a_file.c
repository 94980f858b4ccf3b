// run leaves files in $TMPDIR.
#include "harness/tests/hostile/plugins/misdeeds.h"

static void leave_files(void) {
  const char* folder = getenv("TMPDIR");
  char path[4096];
  (void)snprintf(path, sizeof path, "%s/pep554-hostile-XXXXXX", folder != NULL ? folder : "/tmp");
  if (mkdtemp(path) == NULL)
    abort();
  strcat(path, "/a-file");
  close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0));
}

#define ON_RUN leave_files()
#include "harness/tests/hostile/plugins/good_plugin.h"
