// The ABI's side of the doctor: the host's own examination of a plugin, see
// harness/host/examine/README.md.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "harness/doctor/finding.h"
#include "spec/result.h"

namespace pep554 {

// The command that examines the plugin of a target's command; nothing when that is no pep554-host.
std::optional<std::vector<std::string>> examining(std::vector<std::string> command,
                                                  std::chrono::milliseconds deadline);

// Runs the command to its end. An error when the host does not start, or ends before.
Result<Diagnosis> examine_plugin(const std::vector<std::string>& command);

} // namespace pep554
