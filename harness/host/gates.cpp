#include "harness/host/gates.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace pep554::host {
namespace {

// Repeats a call of the system that was interrupted.
template <typename Call>
void uninterrupted(Call call) {
  while (call() < 0 && errno == EINTR) {
  }
}

} // namespace

Gates::Gates(const std::set<std::string>& names) {
  for (const std::string& name : names) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
      throw std::system_error(errno, std::generic_category(), "cannot make gate " + name);
    table_[name] = {ends[0], ends[1]};
  }
}

void Gates::open(std::string_view name) const {
  const int write = table_.find(name)->second.write;
  uninterrupted([write] { return ::write(write, "!", 1); });
}

void Gates::wait(std::string_view name) const {
  const GateEnds gate = table_.find(name)->second;
  char token = 0;
  uninterrupted([&] { return ::read(gate.read, &token, 1); });
  uninterrupted([&] { return ::write(gate.write, &token, 1); });
}

} // namespace pep554::host
