// Reproduces a failure without this project: writes its scripts, and runs one in the plain
// interpreter.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/repro/script.h"
#include "harness/run/plain_python.h"
#include "spec/result.h"

namespace pep554 {

// Printed for failures of two compared programs.
inline constexpr const char* no_script_of_two = "no script: two programs are compared";

// Writes repro.py and repro.c into the folder, which is there, and executes the first by `python`,
// if there is one: under the program's limit of memory, and not at all where it is a limit that was
// exceeded, since a script has few. The subject has a result and a history.
// `on_plugin`: how repro.c is run, for its header; empty: in general.
// Answers "COMMAND: confirmed, ended by SIGABRT", "COMMAND: not confirmed, ended by SIGSEGV, where
// SIGABRT was seen"; empty: no interpreter is known. An error when a script cannot be written.
Result<std::string> reproduce(const repro::Subject& subject,
                              const std::optional<PlainPython>& python,
                              const std::string& on_plugin, const std::filesystem::path& folder);

} // namespace pep554
