// Reads the results of a run from a file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/engine/result.h"

namespace pep554::gate {

// The results in a file, or in results.json of a folder. Nothing when it cannot be read or is not
// of this format; `problem` then says so, in one line that begins with the file.
std::optional<RunResult> read_results(std::filesystem::path path, std::string& problem);

} // namespace pep554::gate
