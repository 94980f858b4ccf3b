#include "harness/engine/cpu_aware_deadline.h"

#include <algorithm>
#include <fstream>
#include <string>

#include "harness/isolation/process_tree.h"

namespace pep554 {
namespace {

using std::chrono::nanoseconds;

constexpr int most_lengths = 10;
constexpr size_t most_processes = 64;

nanoseconds cpu_wait_of_one(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/schedstat");
  nanoseconds::rep ran = 0;
  nanoseconds::rep waited = 0;
  return file >> ran >> waited ? nanoseconds(waited) : nanoseconds{0};
}

// The longest, of the process and of those that it started: a host is inside of a jail.
nanoseconds cpu_wait(pid_t process) {
  nanoseconds longest = cpu_wait_of_one(process);
  for (const pid_t one : descendants_of(process, most_processes))
    longest = std::max(longest, cpu_wait_of_one(one));
  return longest;
}

} // namespace

CpuAwareDeadline::CpuAwareDeadline(pid_t process, std::chrono::milliseconds length)
    : process_(process), begin_(Clock::now()), length_(length), waited_before_(cpu_wait(process)),
      until_(begin_ + length) {}

bool CpuAwareDeadline::extend() {
  const nanoseconds waited = std::max(nanoseconds{0}, cpu_wait(process_) - waited_before_);
  until_ = begin_ + std::min<nanoseconds>(length_ + waited, most_lengths * nanoseconds(length_));
  return Clock::now() < until_;
}

} // namespace pep554
