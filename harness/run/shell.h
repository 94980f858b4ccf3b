// Commands that people copy.
#pragma once

#include <string>

namespace pep554 {

// A word as a shell takes it.
std::string quoted(const std::string& word);

} // namespace pep554
