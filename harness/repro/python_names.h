// Names and lines of a script.
#pragma once

#include <string>

namespace pep554::repro {

// A variable for a handle: its name, unless that is Python's, or the script's own.
std::string identifier(const std::string& handle);

// The lines, each behind the margin but for those within a long literal.
std::string behind(const std::string& margin, const std::string& lines);

} // namespace pep554::repro
