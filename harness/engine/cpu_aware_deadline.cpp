#include "harness/engine/cpu_aware_deadline.h"

#include <algorithm>
#include <fstream>
#include <string>

namespace pep554 {
namespace {

using std::chrono::nanoseconds;

constexpr int most_lengths = 10;

nanoseconds cpu_wait(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/schedstat");
  nanoseconds::rep ran = 0;
  nanoseconds::rep waited = 0;
  return file >> ran >> waited ? nanoseconds(waited) : nanoseconds{0};
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
