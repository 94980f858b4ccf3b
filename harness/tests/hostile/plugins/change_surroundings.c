// run changes locale, folder, environment, time zone, umask and signal mask.
#include <locale.h>
#include <time.h>

#include "harness/tests/hostile/plugins/misdeeds.h"

static void change(void) {
  sigset_t all;
  sigfillset(&all);
  (void)sigprocmask(SIG_BLOCK, &all, NULL);
  setenv("LC_ALL", "C.UTF-8", 1);
  if (setlocale(LC_ALL, "") == NULL || chdir("/proc/self/fd") != 0)
    abort();
  clearenv();
  setenv("TZ", "Antarctica/Troll", 1);
  tzset();
  umask(0777);
}

#define ON_RUN change()
#include "harness/tests/hostile/plugins/good_plugin.h"
