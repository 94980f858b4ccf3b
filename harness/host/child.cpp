#include "harness/host/child.h"

#include <csignal>
#include <cstdlib>
#include <exception>
#include <utility>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/prctl.h>
#include <unistd.h>

#include "harness/host/executor.h"
#include "harness/host/limits.h"
#include "harness/host/process_setup.h"
#include "harness/host/repetitions.h"
#include "harness/host/traces.h"

#ifdef __SANITIZE_ADDRESS__
// A program's process leaves by exit: what a runtime keeps at its end is its own affair.
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_options(); // NOLINT
const char* __lsan_default_options() { // NOLINT(bugprone-reserved-identifier)
  return "detect_leaks=0";
}
// A small quarantine: the sanitizer's freed memory would count as a leak.
extern "C" __attribute__((visibility("default"))) const char* __asan_default_options(); // NOLINT
const char* __asan_default_options() { // NOLINT(bugprone-reserved-identifier)
  return "quarantine_size_mb=1:thread_local_quarantine_size_kb=64";
}
#endif

namespace pep554::host {

void leave_child(int code) {
#ifdef PEP554_COVERAGE
  std::exit(code); // so that every loaded object writes its counts
#else
  ::_exit(code);
#endif
}

namespace {

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
  for (const int fd : setup.foreign)
    ::close(fd);
}

// Moves a descriptor to a number that is no other's.
int moved(int fd, int number) {
  if (::dup3(fd, number, O_CLOEXEC) < 0)
    return fd;
  ::close(fd);
  return number;
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
  ~FinalizingThread() { // NOLINT(bugprone-exception-escape): the process ends here in any case
    if (survived_)
      return;
    say_finalized(events_, {{"status", "raised"},
                            {"raised",
                             {{"category", "other"},
                              {"type", ""},
                              {"message", "the runtime ended the thread that finalizes it"}}}});
    leave_child(1);
  }
  FinalizingThread(const FinalizingThread&) = delete;
  FinalizingThread& operator=(const FinalizingThread&) = delete;

  void survived() { survived_ = true; }

private:
  const EventChannel& events_;
  bool survived_ = false;
};

// The exit is part of the end: what was left to be run there is run (see stop in pep554_plugin.h).
[[noreturn]] void finalize(const Runtime& runtime, const EventChannel& events) {
  events.write(events.event("finalize"));
  ErrorRecord error;
  FinalizingThread thread(events);
  const pep554_status_t status = runtime.api().stop(runtime.handle, &error);
  thread.survived();
  say_finalized(events, answer_of(status, error));
  std::exit(0); // NOLINT(concurrency-mt-unsafe): as a process ends that has other threads still
}

void run_program(const Runtime& runtime, const Program& program, const EventChannel& events) {
  if (!run_lanes(runtime, program, events))
    return;
  events.write(events.event("done"));
  if (program.finalize)
    finalize(runtime, events);
}

} // namespace

void isolate(ChildSetup& setup) {
  ::setpgid(0, 0);
  die_with(setup.host);
  redirect(setup);
  setup.events = moved(setup.events, event_channel_fd);
  setup.trace = moved(setup.trace, trace_fd);
}

void execute(const Runtime& runtime, const Program& program, const EventChannel& events) {
  const AlternateStack stack;
  try {
    run_program(runtime, program, events);
  } catch (const std::exception& problem) {
    nlohmann::json note = events.event("note");
    note["text"] = problem.what();
    events.write(note);
    leave_child(1);
  }
  leave_child(0);
}

void run_child(ChildSetup setup, const Runtime& runtime, const Program& program) {
  isolate(setup);
  apply_limits(program);
  restore_signals();
  if (runtime.plugin.fork != nullptr)
    runtime.plugin.fork->after_fork_child(runtime.handle);
  const EventChannel events(setup.events, setup.fork);
  execute(runtime, program, events);
}

} // namespace pep554::host
