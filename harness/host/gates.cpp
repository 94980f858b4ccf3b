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

// Waits until there is something to read, or no hope of it for a while: a thread that the code of
// some step made may be about to open the gate.
bool comes(int fd, Outlook& outlook) {
  constexpr int turn_ms = 100;
  constexpr int turns_without_hope = 5;
  outlook.stands();
  bool came = false;
  for (int turn = 0; !came && turn < turns_without_hope; turn = outlook.hopeless() ? turn + 1 : 0) {
    pollfd gate{fd, POLLIN, 0};
    came = ::poll(&gate, 1, turn_ms) > 0;
  }
  if (came)
    outlook.moves();
  return came;
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

bool Gates::wait(std::string_view name, Outlook& outlook) const {
  const GateEnds gate = table_.find(name)->second;
  if (!comes(gate.read, outlook))
    return false;
  char token = 0;
  uninterrupted([&] { return ::read(gate.read, &token, 1); });
  uninterrupted([&] { return ::write(gate.write, &token, 1); });
  return true;
}

} // namespace pep554::host
