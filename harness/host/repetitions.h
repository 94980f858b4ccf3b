// Executes the lanes of a program as often as it asks for, and measures what each time leaves
// behind.
#pragma once

#include "harness/host/events.h"
#include "harness/host/program.h"
#include "harness/host/runtime.h"

namespace pep554::host {

// On the runtime's thread. True when every lane of every repetition came to its end. Throws
// std::system_error when the gates cannot be made.
bool run_lanes(const Runtime& runtime, const Program& program, const EventChannel& events);

} // namespace pep554::host
