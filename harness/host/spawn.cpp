#include "harness/host/spawn.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "harness/host/child.h"

namespace pep554::host {
namespace {

// The events of a program that the host has not read yet; the system may grant less.
constexpr int event_buffer = 4 << 20;

struct Ends {
  Descriptor host;
  Descriptor child;
};

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

Ends make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    fail("cannot make a pipe");
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

Ends make_event_channel() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
    fail("cannot make the event channel");
  ::setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &event_buffer, sizeof event_buffer);
  // Every record then comes with its sender's credentials, and the end of the stream without: an
  // empty record, which any code can write, is not taken for the end.
  const int on = 1;
  ::setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
  ::shutdown(ends[0], SHUT_WR);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

// The hooks surround the fork, also one that fails.
pid_t hooked_fork(const Runtime& runtime) {
  const pep554_fork_t* hooks = runtime.plugin.fork;
  if (hooks != nullptr)
    hooks->before_fork(runtime.handle);
  const pid_t pid = ::fork();
  const int error = errno;
  if (pid != 0 && hooks != nullptr)
    hooks->after_fork_parent(runtime.handle);
  errno = error;
  return pid;
}

} // namespace

Spawned spawn(const Runtime& runtime, const Program& program, std::array<int, 2> protocol) {
  Ends events = make_event_channel();
  Ends out = make_pipe();
  Ends err = make_pipe();
  const pid_t host = ::getpid();
  const auto fork = EventChannel::Clock::now();
  const pid_t pid = hooked_fork(runtime);
  if (pid < 0)
    fail("cannot fork");
  if (pid == 0) {
    for (Descriptor* end : {&events.host, &out.host, &err.host})
      end->reset();
    run_child(
        {host, events.child.release(), out.child.release(), err.child.release(), protocol, fork},
        runtime, program);
  }
  ::setpgid(pid, pid); // the child does so too; whoever comes first
  return {pid,
          Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))),
          std::move(events.host),
          std::move(out.host),
          std::move(err.host),
          fork};
}

} // namespace pep554::host
