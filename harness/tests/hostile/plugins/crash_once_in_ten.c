// destroy crashes the first of ten times, counted in a file.
#include "harness/tests/hostile/plugins/misdeeds.h"

// Counts in the file that the option names, whatever process it is called in.
static int first_of_ten(const char* path) {
  const int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const off_t before = lseek(file, 0, SEEK_END);
  write_all(file, "!", 1);
  close(file);
  return before % 10 == 0;
}

#define ON_DESTROY                                                                                 \
  if (first_of_ten(state_file))                                                                    \
  crash()
#include "harness/tests/hostile/plugins/good_plugin.h"
