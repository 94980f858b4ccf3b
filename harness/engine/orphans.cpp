#include "harness/engine/orphans.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pep554 {
namespace {

struct Family {
  std::mutex lock; // held while a child is started, and during a sweep
  bool adopts = false;
  std::set<pid_t> spared;
  std::set<pid_t> started;
};

Family& family() {
  static Family the_family;
  return the_family;
}

// Children of every thread of this process, zombies too.
std::vector<pid_t> children() {
  std::vector<pid_t> found;
  std::error_code ignored;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task", ignored)) {
    std::ifstream list(task.path() / "children");
    for (pid_t pid = 0; list >> pid;)
      found.push_back(pid);
  }
  return found;
}

// Their own children become ours when they end, and are met the next time.
void sweep(const Family& ours) {
  while (true) {
    auto found = children();
    std::erase_if(
        found, [&](pid_t pid) { return ours.spared.contains(pid) || ours.started.contains(pid); });
    if (found.empty())
      return;
    for (const pid_t pid : found)
      ::kill(pid, SIGKILL);
    for (const pid_t pid : found)
      ::waitpid(pid, nullptr, 0);
  }
}

} // namespace

void adopt_orphans() {
  Family& ours = family();
  const std::lock_guard lock(ours.lock);
  const auto present = children();
  ours.spared.insert(present.begin(), present.end());
  ours.adopts = ::prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
}

pid_t start_known(const std::function<pid_t()>& spawn) {
  Family& ours = family();
  const std::lock_guard lock(ours.lock);
  const pid_t child = spawn();
  if (child > 0)
    ours.started.insert(child);
  return child;
}

void forget_known(pid_t child) {
  Family& ours = family();
  const std::lock_guard lock(ours.lock);
  ours.started.erase(child);
}

void end_orphans() {
  Family& ours = family();
  const std::lock_guard lock(ours.lock);
  if (ours.adopts)
    sweep(ours);
}

void exit_with_children(int status, const std::function<void(pid_t)>& after) {
  Family& ours = family();
  const std::lock_guard lock(ours.lock); // never given back
  for (const pid_t child : ours.started) {
    ::kill(-child, SIGKILL);
    ::kill(child, SIGKILL);
  }
  const std::set<pid_t> ended = std::exchange(ours.started, {});
  if (ours.adopts)
    sweep(ours);
  for (const pid_t child : ended)
    after(child);
  ::_exit(status);
}

} // namespace pep554
