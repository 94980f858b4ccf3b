#include "harness/host/limits.h"

#include <chrono>

#include <sched.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <unistd.h>

namespace pep554::host {
namespace {

// A sanitizer's shadow memory alone is larger than any limit.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool can_limit_memory = false;
#else
constexpr bool can_limit_memory = true;
#endif

// Lowers a limit; does not raise a lower one.
void limit(__rlimit_resource resource, rlim_t most) {
  rlimit now{};
  if (::getrlimit(resource, &now) == 0 && now.rlim_max != RLIM_INFINITY && now.rlim_max < most)
    most = now.rlim_max;
  const rlimit both{most, most};
  ::setrlimit(resource, &both);
}

// The processors of this process. get_nprocs() would read a file.
int cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1024;
}

// Every core may compute for as long as the deadline can be put off.
rlim_t processor_seconds(std::chrono::milliseconds deadline) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(3 * deadline).count();
  return static_cast<rlim_t>(seconds * cores() + 5);
}

// The kernel counts all that the user runs, threads too; what others have is not the program's.
rlim_t processes_of_user(std::uint64_t processes) {
  struct sysinfo system = {};
  ::sysinfo(&system);
  constexpr rlim_t threads = 64;
  return system.procs + processes + threads;
}

} // namespace

void apply_limits(const Program& program) {
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NOFILE, program.open_files);
  limit(RLIMIT_FSIZE, max_file_bytes);
  limit(RLIMIT_CPU, processor_seconds(program.deadline));
  if (::geteuid() != 0)
    limit(RLIMIT_NPROC, processes_of_user(program.processes));
  if (program.memory_bytes > 0 && can_limit_memory)
    limit(RLIMIT_AS, program.memory_bytes);
}

} // namespace pep554::host
