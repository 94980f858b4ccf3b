// run keeps an object of shared memory each time.
#include <sys/ipc.h>
#include <sys/shm.h>

#include "harness/tests/hostile/plugins/misdeeds.h"

#define ON_RUN (void)shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600)
#include "harness/tests/hostile/plugins/good_plugin.h"
