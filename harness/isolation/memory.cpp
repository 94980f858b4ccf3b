#include "harness/isolation/memory.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace pep554 {
namespace {

// To be read by >> alone: of a process that ends after the file was opened, reading fails, which >>
// takes for the end of the file and an iterator over the buffer throws.
std::ifstream open_of(pid_t process, const char* file) {
  return std::ifstream("/proc/" + std::to_string(process) + "/" + file);
}

// With the pages that it shares with others.
std::uint64_t resident(pid_t process) {
  std::ifstream file = open_of(process, "statm");
  std::uint64_t pages = 0;
  file >> pages >> pages;
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

// Of a process's pages its share, in bytes.
struct Share {
  std::uint64_t all = 0;
  std::uint64_t shared_memory = 0; // of these, mapped files in memory and the like
};

Share proportional(pid_t process) {
  std::ifstream file = open_of(process, "smaps_rollup");
  Share share;
  std::uint64_t kibibytes = 0;
  for (std::string word; file >> word;)
    if ((word == "Pss:" || word == "Pss_Shmem:") && file >> kibibytes)
      (word == "Pss:" ? share.all : share.shared_memory) = kibibytes << 10U;
  return share;
}

// Files in memory that have no name (memfd_create) and are open there, each once: their pages
// belong to no process until they are mapped.
std::uint64_t files_in_memory(pid_t process, std::set<std::pair<dev_t, ino_t>>& counted) {
  namespace fs = std::filesystem;
  std::uint64_t bytes = 0;
  std::error_code failure;
  fs::directory_iterator at("/proc/" + std::to_string(process) + "/fd", failure);
  for (const fs::directory_iterator end; !failure && at != end; at.increment(failure)) {
    std::error_code gone;
    struct stat status = {};
    if (fs::read_symlink(at->path(), gone).native().starts_with("/memfd:") &&
        ::stat(at->path().c_str(), &status) == 0 &&
        counted.emplace(status.st_dev, status.st_ino).second)
      bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
  }
  return bytes;
}

} // namespace

std::uint64_t memory_of(const std::vector<pid_t>& processes, std::uint64_t enough) {
  std::set<std::pair<dev_t, ino_t>> counted;
  std::uint64_t in_files = 0;
  for (const pid_t process : processes)
    in_files += files_in_memory(process, counted);
  std::uint64_t most = in_files;
  for (const pid_t process : processes)
    most += resident(process);
  if (most <= enough)
    return most;
  Share total;
  for (const pid_t process : processes) {
    const Share share = proportional(process);
    total.all += share.all;
    total.shared_memory += share.shared_memory;
  }
  return total.all - total.shared_memory + std::max(total.shared_memory, in_files);
}

} // namespace pep554
