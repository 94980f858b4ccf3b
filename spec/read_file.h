// Reads the files that people name: tables, journals, histories.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace pep554 {

// The content of a regular file of at most 1 GiB. Anything else answers nothing, and `problem` says
// what it is, to stand behind its name: "is a folder", "there is no such file". Never waits for the
// other end of a pipe, and reads no device.
std::optional<std::string> read_file(const std::filesystem::path& path, std::string& problem);

} // namespace pep554
