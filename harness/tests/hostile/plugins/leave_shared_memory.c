// run leaves shared memory: POSIX's in /dev/shm, and System V's.
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>

#include "harness/tests/hostile/plugins/misdeeds.h"

static void leave_shared_memory(void) {
  close(shm_open("/pep554-hostile", O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (shmget(0x7e9554, 4096, IPC_CREAT | 0600) < 0)
    abort();
}

#define ON_RUN leave_shared_memory()
#include "harness/tests/hostile/plugins/good_plugin.h"
