// Reads the files that people name: tables, journals, histories.
#pragma once

#include <filesystem>
#include <string>

#include "spec/result.h"

namespace pep554 {

// The content of a regular file of at most 1 GiB. The error of anything else names the file, and
// says what it is and what was expected: "is a folder: expected a baseline", "there is no such
// file". Never waits for the other end of a pipe, and reads no device.
Result<std::string> read_file(const std::filesystem::path& path, const std::string& expected = "");

} // namespace pep554
