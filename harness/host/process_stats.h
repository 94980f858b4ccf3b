// Processor use of a running process, as the kernel reports it.
#pragma once

#include <chrono>
#include <ctime>

#include <sys/resource.h>
#include <sys/types.h>

namespace pep554::host {

class ProcessStats {
public:
  // The process is a child that is not reaped while this lives.
  explicit ProcessStats(pid_t pid);

  // Whether it used the processor for more than a millisecond since the last call, or since it
  // began.
  bool used_cpu_since_last_call();

  // The time that a thread was ready to run and did not; the largest of the living threads.
  std::chrono::nanoseconds cpu_wait() const;

private:
  pid_t pid_;
  clockid_t clock_{};
  bool has_clock_ = false;
  std::chrono::nanoseconds seen_{0};
};

// The time that the first thread of a process was ready to run and did not, since the process
// began. 0 where the kernel does not report it, or the process is gone.
std::chrono::nanoseconds cpu_wait(pid_t process);

// User and system time.
std::chrono::microseconds processor_time(const rusage& used);

} // namespace pep554::host
