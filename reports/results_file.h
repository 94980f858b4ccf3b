// Reads the results that a run left in a folder.
#pragma once

#include <filesystem>
#include <string>

#include "harness/engine/result.h"
#include "spec/result.h"

namespace pep554 {

inline constexpr const char* results_name = "results.json";

// The file itself, or results.json in the folder.
std::filesystem::path results_path(const std::filesystem::path& file_or_folder);

// An error when it cannot be read or is of another format.
Result<RunResult> read_results(const std::filesystem::path& file_or_folder);

} // namespace pep554
