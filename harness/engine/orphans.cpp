#include "harness/engine/orphans.h"

#include <csignal>
#include <mutex>
#include <set>
#include <utility>

#include <sys/prctl.h>
#include <unistd.h>

#include "harness/isolation/process_tree.h"

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

void sweep(const Family& ours) {
  kill_descendants(
      [&](pid_t child) { return ours.spared.contains(child) || ours.started.contains(child); });
}

} // namespace

void adopt_orphans() {
  Family& ours = family();
  const std::lock_guard lock(ours.lock);
  const auto present = children_of(::getpid());
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
