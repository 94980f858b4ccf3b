// What this build of pep554 is. The source file is made at build time, by write_build_info.cmake.
#pragma once

#include <string_view>

namespace pep554 {

// The version of the project, e.g. "0.1.0". Static storage, as below.
std::string_view build_version();

// The commit that it was built from: "d7edfaf", or "d7edfaf-dirty" if the tree had changes.
// "unknown" for sources without a repository and without the commit that `git archive` writes.
std::string_view build_commit();

} // namespace pep554
