#include "harness/host/gates.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace pep554::host {
namespace {

// Repeats a call of the system that was interrupted.
template <typename Call>
void uninterrupted(Call call) {
  while (call() < 0 && errno == EINTR) {
  }
}

// Waits until the descriptor is readable, or the lanes have been stalled for a while: a thread that
// the code of some step made may still open the gate.
bool wait_readable(int fd, StallDetector& stalls) {
  constexpr int poll_ms = 100;
  constexpr int stalled_polls = 5;
  stalls.lane_blocked();
  bool readable = false;
  for (int polls = 0; !readable && polls < stalled_polls;
       polls = stalls.is_stalled() ? polls + 1 : 0) {
    pollfd gate{fd, POLLIN, 0};
    readable = ::poll(&gate, 1, poll_ms) > 0;
  }
  if (readable)
    stalls.lane_resumed();
  return readable;
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

Gates::~Gates() {
  for (const auto& [name, gate] : table_) {
    ::close(gate.read);
    ::close(gate.write);
  }
}

void Gates::open(std::string_view name) const {
  const int write = table_.find(name)->second.write;
  uninterrupted([write] { return ::write(write, "!", 1); });
}

bool Gates::wait(std::string_view name, StallDetector& stalls) const {
  const GateEnds gate = table_.find(name)->second;
  if (!wait_readable(gate.read, stalls))
    return false;
  char token = 0;
  uninterrupted([&] { return ::read(gate.read, &token, 1); });
  uninterrupted([&] { return ::write(gate.write, &token, 1); });
  return true;
}

} // namespace pep554::host
