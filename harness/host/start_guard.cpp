#include "harness/host/start_guard.h"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "harness/host/fatal_signals.h"
#include "harness/host/wire.h"

namespace pep554::host {
namespace {

std::atomic<int> guarded_fd{-1};
pid_t guarded_process = 0; // a child that the plugin makes may end as it likes
// Made beforehand: a signal handler may write, but not allocate.
std::string exited_message;
std::string died_message;

void send_once(const std::string& message) {
  const int fd = guarded_fd.exchange(-1);
  if (fd >= 0 && ::getpid() == guarded_process)
    write_all(fd, message);
}

void on_exit() {
  send_once(exited_message);
}

void on_signal(int signal) {
  send_once(died_message);
  ::signal(signal, SIG_DFL); // NOLINT(cert-err33-c): nothing to be done about it here
  ::raise(signal);           // NOLINT(cert-err33-c)
}

std::string refused(const std::string& reason) {
  return frame(encode({{"msg", "refused"}, {"reason", reason}}));
}

void set_handlers(void (*handler)(int)) {
  for (const int signal : fatal_signals)
    std::signal(signal, handler); // NOLINT(cert-err33-c): these signals can be caught
}

} // namespace

StartGuard::StartGuard(int protocol_fd) {
  exited_message = refused("the process exited while the runtime started");
  died_message = refused("the process crashed while the runtime started");
  static const int registered = std::atexit(&on_exit);
  static_cast<void>(registered);
  guarded_process = ::getpid();
  guarded_fd = protocol_fd;
  set_handlers(&on_signal);
}

StartGuard::~StartGuard() {
  guarded_fd = -1;
  set_handlers(SIG_DFL);
}

} // namespace pep554::host
