#include "harness/engine/surroundings.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <unistd.h>

namespace pep554 {
namespace {

namespace fs = std::filesystem;

struct LimitedResource {
  __rlimit_resource kind;
  rlim_t raised; // the soft limit is raised so far
  rlim_t needed; // by a program; 0: see least_of
  const char* what;
  char option; // of ulimit
};

constexpr rlim_t mebibyte = rlim_t{1} << 20U;
constexpr std::array limited_resources{
    // The hosts use descriptors up to 200.
    LimitedResource{RLIMIT_NOFILE, 65536, 256, "open files", 'n'},
    LimitedResource{RLIMIT_NPROC, RLIM_INFINITY, 0, "processes and threads of the user", 'u'},
    LimitedResource{RLIMIT_CPU, RLIM_INFINITY, 0, "seconds of processor time", 't'},
    LimitedResource{RLIMIT_AS, RLIM_INFINITY, 1024 * mebibyte, "bytes of address space", 'v'},
    LimitedResource{RLIMIT_DATA, RLIM_INFINITY, 1024 * mebibyte, "bytes of data", 'd'},
    LimitedResource{RLIMIT_FSIZE, RLIM_INFINITY, 16 * mebibyte, "bytes in a file", 'f'},
    LimitedResource{RLIMIT_STACK, 8 * mebibyte, 8 * mebibyte, "bytes of stack", 's'},
};
// Of a program beside its lanes: processes, and threads of its code.
constexpr rlim_t tasks_of_program = 64;

// The kernel holds the number of processes against everybody but root, and the root of a user
// namespace is somebody else outside.
bool is_root() {
  std::ifstream map("/proc/self/uid_map");
  unsigned inside = 0;
  unsigned outside = 0;
  return ::geteuid() == 0 && map >> inside >> outside && inside == 0 && outside == 0;
}

rlim_t tasks_of_user() {
  rlim_t tasks = 0;
  std::error_code failure;
  for (fs::directory_iterator at("/proc", failure), end; !failure && at != end;
       at.increment(failure)) {
    struct stat status {};
    if (std::isdigit(static_cast<unsigned char>(at->path().filename().native()[0])) != 0 &&
        ::stat((at->path() / "task").c_str(), &status) == 0 && status.st_uid == ::getuid())
      tasks += status.st_nlink - 2; // a folder for each
  }
  return tasks;
}

// All tasks of the system are counted first, at no cost.
rlim_t needed_tasks(const Program& program, rlim_t limit) {
  struct sysinfo system {};
  const rlim_t own = program.lanes.size() + tasks_of_program;
  if (::sysinfo(&system) != 0 || limit >= system.procs + own || is_root())
    return 0;
  return tasks_of_user() + own;
}

rlim_t least_of(const LimitedResource& resource, const Program& program, rlim_t limit) {
  if (resource.kind == RLIMIT_NPROC)
    return needed_tasks(program, limit);
  if (resource.kind == RLIMIT_CPU)
    return static_cast<rlim_t>(
        std::chrono::ceil<std::chrono::seconds>(program.limits.deadline).count());
  return resource.needed;
}

} // namespace

void raise_soft_limits() {
  for (const LimitedResource& resource : limited_resources) {
    rlimit limit{};
    if (::getrlimit(resource.kind, &limit) != 0)
      continue;
    limit.rlim_cur = std::max(limit.rlim_cur, std::min(limit.rlim_max, resource.raised));
    static_cast<void>(::setrlimit(resource.kind, &limit)); // the soft limit stays as it is
  }
}

std::string shortage(const Program& program) {
  for (const LimitedResource& resource : limited_resources) {
    rlimit limit{};
    if (::getrlimit(resource.kind, &limit) != 0 || limit.rlim_max == RLIM_INFINITY)
      continue;
    if (const rlim_t least = least_of(resource, program, limit.rlim_max); limit.rlim_max < least)
      return fmt::format("{}: {} allowed here (ulimit -H{}), {} may be needed", resource.what,
                         limit.rlim_max, resource.option, least);
  }
  return {};
}

} // namespace pep554
