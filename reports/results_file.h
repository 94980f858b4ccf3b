// Reads the results that a run left in a folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/engine/result.h"

namespace pep554 {

inline constexpr const char* results_name = "results.json";

// The file itself, or results.json in the folder.
std::filesystem::path results_path(const std::filesystem::path& file_or_folder);

// Nothing when it cannot be read or is of another format; `error` is one line that names the file.
std::optional<RunResult> read_results(const std::filesystem::path& file_or_folder,
                                      std::string& error);

} // namespace pep554
