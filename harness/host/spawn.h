// Forks the process of one program, with the descriptors through which the host follows it.
#pragma once

#include <array>

#include <sys/types.h>

#include "harness/host/descriptor.h"
#include "harness/host/events.h"
#include "harness/host/program.h"
#include "harness/host/runtime.h"

namespace pep554::host {

// A program's process, seen from the host. The descriptors do not block.
struct Spawned {
  pid_t pid = -1;
  Descriptor pidfd; // closed where the kernel has none
  Descriptor events;
  Descriptor out;
  Descriptor err;
  EventChannel::Clock::time_point fork;
};

// `protocol` are the host's descriptors that the child must not keep. Returns in the host only.
// Throws std::system_error when there is no process or descriptor to be had.
Spawned spawn(const Runtime& runtime, const Program& program, std::array<int, 2> protocol);

} // namespace pep554::host
