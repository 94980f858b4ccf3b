// destroy waits for a lock that it holds.
#include "harness/tests/hostile/plugins/misdeeds.h"

static void deadlock(void) {
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&lock);
  pthread_mutex_lock(&lock);
}

#define ON_DESTROY deadlock()
#include "harness/tests/hostile/plugins/good_plugin.h"
