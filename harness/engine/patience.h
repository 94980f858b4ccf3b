// How long to wait for a process: a length of time in which it could have run. What it was ready to
// run in, and had no processor for, is not counted, as Linux tells in /proc/PID/schedstat of its
// first thread; elsewhere it is.
#pragma once

#include <chrono>

#include <sys/types.h>

namespace pep554 {

class Patience {
public:
  using Clock = std::chrono::steady_clock;

  // From now on. The process is a child that is not reaped while this is asked for more.
  Patience(pid_t process, std::chrono::milliseconds length);

  // When it ends, as far as is known.
  Clock::time_point until() const { return until_; }
  // Looks at what the process has waited since; true when `until` is later for it, and not yet
  // past. In all it is at most ten times the length.
  bool extend();

private:
  pid_t process_;
  Clock::time_point begin_;
  std::chrono::milliseconds length_;
  std::chrono::nanoseconds waited_before_;
  Clock::time_point until_;
};

} // namespace pep554
