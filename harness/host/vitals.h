// What a process that goes on is doing, as the kernel tells.
#pragma once

#include <chrono>
#include <ctime>

#include <sys/resource.h>
#include <sys/types.h>

namespace pep554::host {

class Vitals {
public:
  // The process is a child that is not reaped while this lives.
  explicit Vitals(pid_t pid);

  // Whether it computed for more than a millisecond since the last call, or since its beginning.
  bool computed_since_last_look();

  // For how long its threads that live, that with the most, were ready to run and did not.
  std::chrono::nanoseconds waited_for_processor() const;

private:
  pid_t pid_;
  clockid_t clock_{};
  bool has_clock_ = false;
  std::chrono::nanoseconds seen_{0};
};

// For how long the first thread of a process was ready to run and did not, since the process began.
// 0 where the kernel does not tell, or the process is gone.
std::chrono::nanoseconds waited_for_processor(pid_t process);

// User and system time.
std::chrono::microseconds processor_time(const rusage& used);

} // namespace pep554::host
