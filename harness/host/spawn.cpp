#include "harness/host/spawn.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <sys/syscall.h>

#include "harness/host/child.h"
#include "harness/host/event_socket.h"

namespace pep554::host {
namespace {

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

// The hooks surround the fork, also one that fails.
pid_t hooked_fork(const Runtime& runtime) {
  std::fflush(nullptr); // NOLINT(cert-err33-c): what a plugin printed is not inherited by programs
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

Spawned spawn(const Runtime& runtime, const Program& program, const Inheritance& inheritance) {
  Ends events = make_event_socket();
  Ends out = make_pipe();
  Ends err = make_pipe();
  const Descriptor document =
      inheritance.fresh != nullptr ? file_with(inheritance.document) : Descriptor();
  const pid_t host = ::getpid();
  const auto fork = EventChannel::Clock::now();
  const pid_t pid = hooked_fork(runtime);
  if (pid < 0)
    fail("cannot fork");
  if (pid == 0) {
    for (Descriptor* end : {&events.host, &out.host, &err.host})
      end->reset();
    ChildSetup setup{host,
                     events.child.release(),
                     out.child.release(),
                     err.child.release(),
                     inheritance.trace,
                     inheritance.foreign,
                     fork};
    if (inheritance.fresh == nullptr)
      run_child(std::move(setup), runtime, program);
    isolate(setup);
    const EventChannel channel(setup.events, setup.fork);
    send_note(channel, inheritance.fresh->replace_process(setup, program, document.get()));
    ::_exit(127);
  }
  ::setpgid(pid, pid); // the child does so too; the order does not matter
  return {pid,
          Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))),
          std::move(events.host),
          std::move(out.host),
          std::move(err.host),
          fork};
}

} // namespace pep554::host
