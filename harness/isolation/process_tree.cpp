#include "harness/isolation/process_tree.h"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

namespace pep554 {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds most_time{10};

std::vector<pid_t> unspared(const std::function<bool(pid_t)>& spared) {
  std::vector<pid_t> found;
  for (const pid_t child : children_of(::getpid()))
    if (!spared(child))
      found.push_back(child);
  for (size_t i = 0; i < found.size(); ++i)
    for (const pid_t child : children_of(found[i]))
      found.push_back(child);
  return found;
}

// One that is stopped starts no other, and keeps its number and its place under the user's limit.
std::set<pid_t> stop_all(const std::function<bool(pid_t)>& spared, Clock::time_point until) {
  std::set<pid_t> stopped;
  bool more = true;
  while (more && Clock::now() < until) {
    more = false;
    for (const pid_t process : unspared(spared))
      if (stopped.insert(process).second) {
        ::kill(process, SIGSTOP);
        more = true;
      }
  }
  return stopped;
}

} // namespace

std::vector<pid_t> children_of(pid_t process) {
  namespace fs = std::filesystem;
  std::vector<pid_t> found;
  std::error_code failure;
  fs::directory_iterator at("/proc/" + std::to_string(process) + "/task", failure);
  for (const fs::directory_iterator end; !failure && at != end; at.increment(failure)) {
    std::ifstream list(at->path() / "children");
    for (pid_t pid = 0; list >> pid;)
      found.push_back(pid);
  }
  return found;
}

std::vector<pid_t> descendants_of(pid_t process, size_t most) {
  std::vector<pid_t> found = children_of(process);
  for (size_t i = 0; i < found.size() && found.size() <= most; ++i)
    for (const pid_t child : children_of(found[i]))
      found.push_back(child);
  return found;
}

size_t kill_descendants(const std::function<bool(pid_t)>& spared) {
  const Clock::time_point until = Clock::now() + most_time;
  std::set<pid_t> killed;
  while (Clock::now() < until) {
    const std::set<pid_t> stopped = stop_all(spared, until);
    if (stopped.empty())
      break;
    for (const pid_t process : stopped)
      ::kill(process, SIGKILL);
    killed.insert(stopped.begin(), stopped.end());
    // What was a child of a killed one becomes ours, and is met the next time.
    for (const pid_t child : children_of(::getpid()))
      if (stopped.contains(child))
        ::waitpid(child, nullptr, 0);
  }
  return killed.size();
}

} // namespace pep554
