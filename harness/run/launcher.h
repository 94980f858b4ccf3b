// Starts programs with another C library than ours.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace pep554 {

// The words that start a program under the dynamic loader that stands beside `library`, with the
// libraries from there; none where no C library stands beside it, or only the one that we use
// ourselves.
std::vector<std::string> launcher_beside(const std::filesystem::path& library);

} // namespace pep554
