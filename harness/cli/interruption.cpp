#include "harness/cli/interruption.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "harness/cli/exit_codes.h"
#include "harness/engine/host_folder.h"
#include "harness/engine/orphans.h"

namespace pep554 {
namespace {

sigset_t heeded() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    ::sigaction(number, nullptr, &action);
    if (action.sa_handler != SIG_IGN)
      ::sigaddset(&set, number);
  }
  return set;
}

} // namespace

Interruption::Interruption() {
  const sigset_t set = heeded();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr); // other threads inherit it
  signals_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  over_ = ::eventfd(0, EFD_CLOEXEC);
  if (signals_ < 0 || over_ < 0)
    throw std::system_error(errno, std::generic_category(), "signalfd");
  waiting_ = std::jthread([this] { wait(); });
}

Interruption::~Interruption() {
  static_cast<void>(::eventfd_write(over_, 1));
  waiting_.join();
  ::close(signals_);
  ::close(over_);
}

void Interruption::wait() {
  while (true) {
    std::array<pollfd, 2> ready{{{signals_, POLLIN, 0}, {over_, POLLIN, 0}}};
    if (::poll(ready.data(), ready.size(), -1) < 0)
      continue;
    if (ready[1].revents != 0)
      return;
    signalfd_siginfo signal{};
    if (::read(signals_, &signal, sizeof signal) != sizeof signal)
      continue;
    if (!stop_.request_stop()) // not the first
      exit_with_children(static_cast<int>(Exit::interrupted), remove_folder_of);
  }
}

} // namespace pep554
