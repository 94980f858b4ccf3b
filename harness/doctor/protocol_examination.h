// The protocol's side of the doctor: any host, asked for a few programs, and its answers held
// against harness/host/PROTOCOL.md.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "harness/doctor/finding.h"

namespace pep554 {

// Starts the host several times. `patience` is for its greeting and for each program. Not started:
// it refused, or gave no greeting; there are no findings then.
Diagnosis examine_protocol(const std::vector<std::string>& command,
                           std::chrono::milliseconds patience);

} // namespace pep554
