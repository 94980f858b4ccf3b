// A deadline that is extended by the time that a process, or one that it started, waits for a
// processor, which Linux reports in /proc/PID/schedstat of the first thread; elsewhere it is a
// plain deadline.
#pragma once

#include <chrono>

#include <sys/types.h>

namespace pep554 {

class CpuAwareDeadline {
public:
  using Clock = std::chrono::steady_clock;

  // From now on. The process is a child that is not reaped while extend() is called.
  CpuAwareDeadline(pid_t process, std::chrono::milliseconds length);

  // The current deadline.
  Clock::time_point until() const { return until_; }
  // Extends the deadline by the time that the process has waited; true when it is in the future. In
  // total at most ten times the length.
  bool extend();

private:
  pid_t process_;
  Clock::time_point begin_;
  std::chrono::milliseconds length_;
  std::chrono::nanoseconds waited_before_;
  Clock::time_point until_;
};

} // namespace pep554
