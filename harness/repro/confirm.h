// Writes reproductions beside a failure, and executes them.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "harness/repro/reproduced.h"
#include "harness/repro/script.h"
#include "spec/result.h"

namespace pep554::repro {

// Writes repro.py and repro.c into the folder, which is there.
Result<> write_reproductions(const Subject& subject, const ScriptOptions& options,
                             const std::filesystem::path& folder);

struct Execution {
  std::vector<std::string> command;                             // e.g. python3.12, repro.py
  std::vector<std::pair<std::string, std::string>> environment; // besides this process's own
  std::chrono::milliseconds deadline{30'000}; // from outside; the script's own is shorter
  std::uint64_t memory_bytes = 0;             // of address space; 0: no limit
};

// Executes it in a process group of its own, with a temporary folder of its own that is removed,
// and with limits that keep it from harm: files and output of 256 MiB, no core, the memory.
// Kills its remaining processes and this process's orphans (engine/orphans.h): the
// caller has adopted them. An error when it cannot be started.
Result<ScriptTermination> execute(const Execution& execution);

} // namespace pep554::repro
