// Names and lines of a script.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace pep554::repro {

// A variable for a handle: its name, unless that is Python's, or the script's own.
std::string identifier(const std::string& handle);

// Whether a word of the code is one of these variables, or a function or a pipe of the script: it
// may bind it, and must not be executed among them.
bool clashes(std::string_view code, const std::set<std::string>& variables);

// The lines, each behind the margin but for those within a long literal.
std::string behind(const std::string& margin, const std::string& lines);

} // namespace pep554::repro
