// The protocol's side of the doctor: runs programs on any host, and checks its answers against
// harness/host/PROTOCOL.md.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "harness/doctor/finding.h"

namespace pep554 {

// Starts the host several times. `timeout` is for its `hello` and for each program. Not started:
// it refused, or sent no `hello`; there are no findings then.
Diagnosis examine_protocol(const std::vector<std::string>& command,
                           std::chrono::milliseconds timeout);

} // namespace pep554
