// Forks the process of one program, with the descriptors through which the host follows it.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

#include "harness/host/descriptor.h"
#include "harness/host/events.h"
#include "harness/host/program.h"
#include "harness/host/runtime.h"
#include "harness/host/spawned_host.h"

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

// What a program's process inherits from the host.
struct Inheritance {
  std::vector<int> foreign;            // descriptors that it must not keep
  int trace = -1;                      // where it writes traces
  const SpawnCommand* fresh = nullptr; // null: it is forked with the runtime
  std::string document;                // of a fresh one: the program as the engine sent it
};

// Returns in the host only. Throws std::system_error when there is no process or descriptor to be
// had.
Spawned spawn(const Runtime& runtime, const Program& program, const Inheritance& inheritance);

} // namespace pep554::host
