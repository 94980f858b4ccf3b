#include "harness/isolation/memory.h"

#include <fstream>
#include <string>

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

// Its share of its pages.
std::uint64_t proportional(pid_t process) {
  std::ifstream file = open_of(process, "smaps_rollup");
  std::uint64_t kibibytes = 0;
  for (std::string word; file >> word;)
    if (word == "Pss:")
      return file >> kibibytes ? kibibytes << 10U : 0;
  return 0;
}

} // namespace

std::uint64_t memory_of(const std::vector<pid_t>& processes, std::uint64_t enough) {
  std::uint64_t most = 0;
  for (const pid_t process : processes)
    most += resident(process);
  if (most <= enough)
    return most;
  std::uint64_t total = 0;
  for (const pid_t process : processes)
    total += proportional(process);
  return total;
}

} // namespace pep554
