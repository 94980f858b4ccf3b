#include "harness/host/child.h"

#include <csignal>
#include <cstdlib>
#include <exception>
#include <utility>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness/host/lanes.h"

namespace pep554::host {
namespace {

// High enough to be out of the way of programs that count on low descriptors.
constexpr int first_event_fd = 200;

// A sanitizer's shadow memory alone is larger than any limit.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool can_limit_memory = false;
#else
constexpr bool can_limit_memory = true;
#endif

[[noreturn]] void leave(int code) {
#ifdef PEP554_COVERAGE
  std::exit(code); // so that every loaded object writes its counts
#else
  ::_exit(code);
#endif
}

void limit(int resource, rlim_t most) {
  const rlimit both{most, most};
  ::setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

// The child must not run on when the host dies, also when that happened just now.
void die_with(pid_t host) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != host)
    ::_exit(1);
}

void redirect(const ChildSetup& setup) {
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, STDIN_FILENO);
  ::close(nothing);
  ::dup2(setup.out, STDOUT_FILENO);
  ::dup2(setup.err, STDERR_FILENO);
  ::close(setup.out);
  ::close(setup.err);
  for (const int fd : setup.protocol)
    ::close(fd);
}

int move_up(int fd) {
  const int high = ::fcntl(fd, F_DUPFD_CLOEXEC, first_event_fd);
  if (high < 0)
    return fd;
  ::close(fd);
  return high;
}

void say_finalized(const EventChannel& events, nlohmann::json answer) {
  nlohmann::json event = events.event("finalized");
  event["answer"] = std::move(answer);
  events.write(event);
}

// A runtime may end the very thread that finalizes it: CPython calls pthread_exit on every thread
// that asks for the GIL too late, and 3.11 does so to its main thread when an exit callback of a
// living subinterpreter lets go of the GIL. The process would then go on without a main thread.
class FinalizingThread {
public:
  explicit FinalizingThread(const EventChannel& events) : events_(events) {}
  ~FinalizingThread() {
    if (survived_)
      return;
    say_finalized(events_, {{"status", "raised"},
                            {"raised",
                             {{"category", "other"},
                              {"type", ""},
                              {"message", "the runtime ended the thread that finalizes it"}}}});
    leave(1);
  }
  FinalizingThread(const FinalizingThread&) = delete;
  FinalizingThread& operator=(const FinalizingThread&) = delete;

  void survived() { survived_ = true; }

private:
  const EventChannel& events_;
  bool survived_ = false;
};

void finalize(const Runtime& runtime, const EventChannel& events) {
  events.write(events.event("finalize"));
  ErrorRecord error;
  FinalizingThread thread(events);
  const pep554_status_t status = runtime.api().stop(runtime.handle, &error);
  thread.survived();
  say_finalized(events, answer_of(status, error));
}

void run_program(const Runtime& runtime, const Program& program, const EventChannel& events) {
  // Never destroyed: handles are still held when the runtime is finalized and the process ends.
  auto* lanes = new Lanes(runtime, program, events);
  if (!lanes->run())
    return;
  events.write(events.event("done"));
  if (program.finalize)
    finalize(runtime, events);
}

} // namespace

void run_child(const ChildSetup& setup, const Runtime& runtime, const Program& program) {
  ::setpgid(0, 0);
  die_with(setup.host);
  redirect(setup);
  limit(RLIMIT_CORE, 0);
  if (program.memory_bytes > 0 && can_limit_memory)
    limit(RLIMIT_AS, program.memory_bytes);
  const EventChannel events(move_up(setup.events), setup.fork);
  if (runtime.plugin.fork != nullptr)
    runtime.plugin.fork->after_fork_child(runtime.handle);
  try {
    run_program(runtime, program, events);
  } catch (const std::exception& problem) {
    nlohmann::json note = events.event("note");
    note["text"] = problem.what();
    events.write(note);
    leave(1);
  }
  leave(0);
}

} // namespace pep554::host
