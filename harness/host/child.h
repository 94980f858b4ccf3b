// The forked process that executes one program and ends.
#pragma once

#include <vector>

#include <sys/types.h>

#include "harness/host/events.h"
#include "harness/host/program.h"
#include "harness/host/runtime.h"

namespace pep554::host {

// The values that the parent passes to the child; the descriptors are the child's ends.
struct ChildSetup {
  pid_t host = 0;
  int events = -1;
  int out = -1;
  int err = -1;
  int trace = -1;
  std::vector<int> foreign; // the host's own, to be closed
  EventChannel::Clock::time_point fork;
};

// The number of the event channel in a program's process: high enough to be out of the way of
// programs that count on low descriptors.
constexpr int event_channel_fd = 200;

// First thing after fork: shuts the process off (group, death with the host, standard descriptors),
// and moves the event channel and the traces to their numbers. Limits are for the caller to set.
void isolate(ChildSetup& setup);

// Runs the program and exits. Called in a forked process, on the runtime's thread.
[[noreturn]] void run_child(ChildSetup setup, const Runtime& runtime, const Program& program);

// The runtime is this process's own: runs the lanes and what follows them, and exits.
[[noreturn]] void execute(const Runtime& runtime, const Program& program,
                          const EventChannel& events);
[[noreturn]] void leave_child(int code);

} // namespace pep554::host
