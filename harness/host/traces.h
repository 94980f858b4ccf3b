// Stack traces of a process's threads, when a signal ends it or the host requests them at a
// deadline: a native backtrace, written by a signal handler to one descriptor with a fixed number,
// after what the runtime says there of itself (the extension pep554.trace/1).
#pragma once

#include <csignal>

#include "harness/host/runtime.h"

namespace pep554::host {

// Above what programs count on, and below the event channel's.
constexpr int trace_fd = 199;

// Sent to a process that is about to be killed at its deadline.
int ask_signal();

// Sets the handlers of the native backtrace.
void handle_signals();

// Sets the handlers for this process and those it forks; the plugin's come before them. Once, when
// the runtime is up. Where `trace_fd` is not open it becomes the standard error, for the end of the
// host itself.
void install_traces(const Runtime& runtime);

// Called in a program's process: traces go to `fd` from now on.
void trace_to(int fd);

// A stack on which this thread's handlers run, so that a stack overflow has a trace too. Lives and
// ends on one thread.
class AlternateStack {
public:
  AlternateStack();
  ~AlternateStack();
  AlternateStack(const AlternateStack&) = delete;
  AlternateStack& operator=(const AlternateStack&) = delete;

private:
  void* memory_ = nullptr; // mapped: no page of it exists before it is used
  stack_t before_{};
};

} // namespace pep554::host
