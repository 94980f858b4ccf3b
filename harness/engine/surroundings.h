// The resource limits that this process was started with, and that its hosts inherit. A host sets
// those of its programs itself, up to the hard limits.
#pragma once

#include <string>

#include "harness/engine/program.h"

namespace pep554 {

// Raises the soft limits to the hard ones: descriptors to at most 65536 and the stack to 8 MiB,
// since a larger value changes how programs behave. Call once, at the start.
void raise_soft_limits();

// Which hard limit is lower than a program may need, in one line; empty when none is. A program
// that does not pass then says nothing about the implementation. It counts the processes of the
// user, so ask when the program has ended.
std::string shortage(const Program& program);

} // namespace pep554
