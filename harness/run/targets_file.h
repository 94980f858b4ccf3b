// A file that names targets:
//
//   [[target]]
//   name = "3.14"                                     # of its folder in the results
//   target = "cpython:pythons/3.14/libpython3.14.so"  # as --target takes it; files seen from here
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/run/targets.h"
#include "spec/diagnostics.h"

namespace pep554 {

struct NamedTarget {
  std::string name;
  Target target;
};

// At least one target, or errors, which are added to `diagnostics`.
std::vector<NamedTarget> load_targets(const std::filesystem::path& file, const Paths& paths,
                                      Diagnostics& diagnostics);

} // namespace pep554
