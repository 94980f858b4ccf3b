#include "harness/host/reaper.h"

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <vector>

#include <sys/prctl.h>
#include <sys/wait.h>

namespace pep554::host {
namespace {

// Adds the children of every thread of a process, zombies too.
void add_children(const std::string& process, std::vector<pid_t>& found) {
  std::error_code failure;
  namespace fs = std::filesystem;
  fs::directory_iterator at("/proc/" + process + "/task", failure);
  for (const fs::directory_iterator end; !failure && at != end; at.increment(failure)) {
    std::ifstream list(at->path() / "children");
    for (pid_t pid = 0; list >> pid;)
      found.push_back(pid);
  }
}

std::vector<pid_t> children() {
  std::vector<pid_t> found;
  add_children("self", found);
  return found;
}

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
  std::vector<pid_t> found = children();
  for (size_t i = 0; i < found.size() && found.size() <= most; ++i)
    add_children(std::to_string(found[i]), found);
  return found.size();
}

Reaped reap_all(pid_t program) {
  ::kill(-program, SIGKILL); // before its leader is reaped, while the number is surely its own
  int status = 0;
  Reaped reaped;
  while (::wait4(program, &status, 0, &reaped.used) < 0 && errno == EINTR) {
  }
  while (true) {
    pid_t pid = wait_for_any(status, WNOHANG);
    if (pid == 0) {
      // Some are alive. Their own children become ours when they end, and are met the next time.
      const std::vector<pid_t> alive = children();
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
