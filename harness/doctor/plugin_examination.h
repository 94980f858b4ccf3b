// The ABI's side of the doctor: the host's own examination of a plugin, see
// harness/host/examine/README.md.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "harness/doctor/finding.h"

namespace pep554 {

// Of a target's command, that which examines its plugin; nothing when it is no pep554-host's.
std::optional<std::vector<std::string>> examining(std::vector<std::string> command,
                                                  std::chrono::milliseconds deadline);

// Runs it to its end. Throws std::runtime_error when the host does not do as it should.
Diagnosis examine_plugin(const std::vector<std::string>& command);

} // namespace pep554
