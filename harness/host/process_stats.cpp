#include "harness/host/process_stats.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

namespace pep554::host {

using std::chrono::microseconds;
using std::chrono::nanoseconds;

namespace {

nanoseconds waited_in(const std::filesystem::path& task) {
  std::ifstream file(task / "schedstat");
  nanoseconds::rep ran = 0;
  nanoseconds::rep waited = 0;
  return file >> ran >> waited ? nanoseconds(waited) : nanoseconds{0};
}

} // namespace

ProcessStats::ProcessStats(pid_t pid)
    : pid_(pid), has_clock_(::clock_getcpuclockid(pid, &clock_) == 0) {}

bool ProcessStats::used_cpu_since_last_call() {
  constexpr nanoseconds little{1'000'000};
  timespec now{};
  if (!has_clock_ || ::clock_gettime(clock_, &now) != 0)
    return false;
  const nanoseconds total = std::chrono::seconds(now.tv_sec) + nanoseconds(now.tv_nsec);
  const bool computed = total - seen_ > little;
  seen_ = total;
  return computed;
}

nanoseconds ProcessStats::cpu_wait() const {
  namespace fs = std::filesystem;
  nanoseconds most{0};
  std::error_code failure;
  fs::directory_iterator at("/proc/" + std::to_string(pid_) + "/task", failure);
  for (const fs::directory_iterator end; !failure && at != end; at.increment(failure))
    most = std::max(most, waited_in(at->path()));
  return most;
}

nanoseconds cpu_wait(pid_t process) {
  return waited_in("/proc/" + std::to_string(process));
}

microseconds processor_time(const rusage& used) {
  const auto time = [](const timeval& value) {
    return std::chrono::seconds(value.tv_sec) + microseconds(value.tv_usec);
  };
  return time(used.ru_utime) + time(used.ru_stime);
}

} // namespace pep554::host
