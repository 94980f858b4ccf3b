// The starting runtime changes locale, folder, environment, time zone and umask.
#include <locale.h>
#include <time.h>

#include "harness/tests/hostile/plugins/misdeeds.h"

static void change(void) {
  setenv("LC_ALL", "C.UTF-8", 1);
  if (setlocale(LC_ALL, "") == NULL || chdir("/proc") != 0)
    abort();
  clearenv();
  setenv("TZ", "Antarctica/Troll", 1);
  tzset();
  umask(0777);
}

#define ON_START change()
#include "harness/tests/hostile/plugins/good_plugin.h"
