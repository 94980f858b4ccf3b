// A file that names targets:
//
//   [[target]]
//   name = "3.14"                                     # of its folder in the results
//   target = "cpython:pythons/3.14/libpython3.14.so"  # as --target takes it; files seen from here
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/targets.h"

namespace pep554 {

struct NamedTarget {
  std::string name;
  Target target;
};

// Nothing when anything in the file is wrong; every error was then written to stderr, with its
// position. At least one target.
std::optional<std::vector<NamedTarget>> load_targets(const std::filesystem::path& file,
                                                     const Paths& paths);

} // namespace pep554
