// The ABI's side of the doctor: the host's own examination of a plugin, see
// harness/host/examine/README.md.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "harness/doctor/finding.h"

namespace pep554 {

// The command that examines the plugin of a target's command; nothing when that is no pep554-host.
std::optional<std::vector<std::string>> examining(std::vector<std::string> command,
                                                  std::chrono::milliseconds deadline);

// Runs the command to its end. Throws std::runtime_error when the host violates its protocol.
Diagnosis examine_plugin(const std::vector<std::string>& command);

} // namespace pep554
