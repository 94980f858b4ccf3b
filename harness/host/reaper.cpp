#include "harness/host/reaper.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <vector>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/isolation/process_tree.h"

namespace pep554::host {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds most_time{1};

// A process that had ended by itself is not counted.
bool was_killed(int status) {
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

pid_t wait_for_any(int& status, int flags) {
  pid_t pid = 0;
  do {
    pid = ::waitpid(-1, &status, flags);
  } while (pid < 0 && errno == EINTR);
  return pid;
}

} // namespace

void become_subreaper() {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

size_t count_descendants(size_t most) {
  return descendants_of(::getpid(), most).size();
}

Reaped reap_all(pid_t program) {
  ::kill(-program, SIGKILL); // before its leader is reaped, while the number is surely its own
  int status = 0;
  Reaped reaped;
  while (::wait4(program, &status, 0, &reaped.used) < 0 && errno == EINTR) {
  }
  const auto until = Clock::now() + most_time;
  while (true) {
    pid_t pid = wait_for_any(status, WNOHANG);
    if (pid == 0) {
      reaped.all = Clock::now() < until;
      if (!reaped.all)
        return reaped;
      // Some are alive. Their own children become ours when they end, and are met the next time.
      const std::vector<pid_t> alive = children_of(::getpid());
      if (alive.empty())
        return reaped; // no /proc here: they cannot be found
      for (const pid_t child : alive)
        ::kill(child, SIGKILL);
      pid = wait_for_any(status, 0);
    }
    if (pid < 0)
      return reaped;
    reaped.killed += was_killed(status) ? 1 : 0;
  }
}

} // namespace pep554::host
