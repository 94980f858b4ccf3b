#include "harness/host/resource_usage.h"

#include <array>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/host/shared_memory.h"
#include "harness/host/temporary.h"

namespace pep554::host {
namespace {

// Reads a small file of /proc into `buffer`, as a text.
std::string_view read_small(const char* path, std::array<char, 4096>& buffer) {
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return {};
  const ssize_t size = ::read(fd, buffer.data(), buffer.size() - 1);
  ::close(fd);
  buffer[size < 0 ? 0 : static_cast<size_t>(size)] = 0;
  return {buffer.data(), size < 0 ? 0 : static_cast<size_t>(size)};
}

// Calls `entry` with each name in a folder but "." and "..". opendir would allocate.
template <typename Entry>
void each_entry(const char* path, Entry entry) {
  const int fd = ::open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return;
  alignas(8) std::array<char, 8192> buffer; // NOLINT: filled by the kernel
  long size = 0;
  while ((size = ::syscall(SYS_getdents64, fd, buffer.data(), buffer.size())) > 0) {
    for (long at = 0; at < size;) {
      // struct linux_dirent64: 8 bytes of inode, 8 of offset, 2 of length, 1 of type, the name
      std::uint16_t length = 0;
      std::memcpy(&length, &buffer[static_cast<size_t>(at) + 16], sizeof length);
      const char* name = &buffer[static_cast<size_t>(at) + 19];
      if (name[0] != '.')
        entry(name);
      at += length;
    }
  }
  ::close(fd);
}

std::int64_t count_entries(const char* path) {
  std::int64_t count = 0;
  each_entry(path, [&count](const char*) { ++count; });
  return count;
}

std::int64_t count_children() {
  std::int64_t count = 0;
  each_entry("/proc/self/task", [&count](const char* task) {
    std::array<char, 64> path{};
    std::array<char, 4096> text; // NOLINT: filled by read
    // snprintf is bounded; a thread's number has at most ten digits.
    static_cast<void>(std::snprintf(path.data(), path.size(), "/proc/self/task/%s/children", task));
    for (const char c : read_small(path.data(), text))
      count += c == ' ' ? 1 : 0; // each number is followed by one
  });
  return count;
}

std::int64_t private_memory() {
  std::array<char, 4096> buffer; // NOLINT: filled by read
  const std::string_view text = read_small("/proc/self/statm", buffer);
  if (text.empty())
    return 0;
  char* at = buffer.data();
  static_cast<void>(std::strtoll(at, &at, 10)); // the address space
  const std::int64_t resident = std::strtoll(at, &at, 10);
  const std::int64_t shared = std::strtoll(at, &at, 10);
  return (resident - shared) * ::sysconf(_SC_PAGESIZE);
}

} // namespace

ResourceUsage& ResourceUsage::operator+=(const ResourceUsage& other) {
  memory += other.memory;
  descriptors += other.descriptors;
  threads += other.threads;
  processes += other.processes;
  return *this;
}

ResourceUsage operator-(ResourceUsage left, const ResourceUsage& right) {
  left.memory -= right.memory;
  left.descriptors -= right.descriptors;
  left.threads -= right.threads;
  left.processes -= right.processes;
  return left;
}

ResourceUsage resource_usage() {
  ResourceUsage usage;
  usage.descriptors = count_entries("/proc/self/fd") - 1; // the one that lists
  usage.threads = count_entries("/proc/self/task");
  usage.processes = count_children();
  usage.memory = private_memory();
  return usage;
}

std::int64_t temporary_files() {
  const char* folder = std::getenv("TMPDIR");
  return (folder != nullptr ? count_files(folder) : 0) + count_shared_memory();
}

void add_fields(const ResourceUsage& usage, nlohmann::json& event) {
  event["memory"] = usage.memory;
  event["descriptors"] = usage.descriptors;
  event["threads"] = usage.threads;
  event["processes"] = usage.processes;
}

} // namespace pep554::host
