// What `pep554 --version` says.
#pragma once

#include <string>

namespace pep554 {

// "pep554 0.1.0 (commit d7edfaf, text sha256 0a1b2c3d4e5f, tables sha256 0a1b2c3d4e5f)": the first
// 12 digits of what results.json has in full. The tables are those of this installation; where they
// cannot be read, it says so.
std::string version_text();

} // namespace pep554
