// The namespaces that the kernel allows this user, for tests of hosts.
#pragma once

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pep554::test {

// Whether a process of this user can have shared memory of its own; see shared_memory.h.
inline bool may_have_own_shared_memory() {
  const pid_t pid = ::fork();
  if (pid == 0)
    ::_exit(::unshare(CLONE_NEWIPC | CLONE_NEWNS) == 0 ||
                    ::unshare(CLONE_NEWUSER | CLONE_NEWIPC | CLONE_NEWNS) == 0
                ? 0
                : 1);
  int status = -1;
  return ::waitpid(pid, &status, 0) == pid && status == 0;
}

} // namespace pep554::test
