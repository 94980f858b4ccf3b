// The resource limits of a program's process.
#pragma once

#include "harness/host/program.h"

namespace pep554::host {

// The largest file that a program may write, in bytes.
constexpr std::uint64_t max_file_bytes = std::uint64_t{256} << 20U;

// In the program's process, once it has the descriptors that it starts with: memory, descriptors,
// file sizes, no core files; processor time as a last resort, should the deadline not come; the
// number of processes where the user is not root, whom it does not bind (the supervisor counts).
void apply_limits(const Program& program);

} // namespace pep554::host
