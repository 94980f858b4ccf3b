// The forked process that executes one program and ends.
#pragma once

#include <array>

#include <sys/types.h>

#include "harness/host/events.h"
#include "harness/host/program.h"
#include "harness/host/runtime.h"

namespace pep554::host {

// What the parent hands to the child; the descriptors are the child's ends.
struct ChildSetup {
  pid_t host = 0;
  int events = -1;
  int out = -1;
  int err = -1;
  std::array<int, 2> protocol{-1, -1}; // the host's own, to be closed
  EventChannel::Clock::time_point fork;
};

// Called first thing after fork, on the runtime's thread. Shuts the process off (group, limits,
// standard descriptors, death with the host), runs the lanes, and exits.
[[noreturn]] void run_child(const ChildSetup& setup, const Runtime& runtime,
                            const Program& program);

} // namespace pep554::host
