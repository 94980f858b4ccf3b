// The files that pep554 needs: below the prefix that its own executable is in; or, where it
// was built, in the build and the source tree.
#pragma once

#include <filesystem>
#include <string>

#include "spec/result.h"

namespace pep554 {

struct Paths {
  std::filesystem::path host;      // pep554-host
  std::filesystem::path jail;      // pep554-jail, through which every host is started
  std::filesystem::path plugins;   // folder of the shipped plugins
  std::filesystem::path adapters;  // folder of the adapters
  std::filesystem::path agent;     // the agent: a host in Python
  std::filesystem::path reference; // folder of the reference modules
  std::filesystem::path spec;      // folder of the text and its clauses
  std::filesystem::path cases;     // folder of the tables
  std::filesystem::path pythons;   // where ci/pythons puts what it fetches
  std::filesystem::path docs;      // folder of README.md and of all pages below it
};

// Those of this program. An error when there is no suite, or no /proc.
Result<Paths> find_paths();
// Those below a prefix, or of a build, for `asking`: a file there that needs them.
Result<Paths> paths_below(const std::filesystem::path& prefix, const std::filesystem::path& asking);

// The file of a page, for people: "/usr/share/doc/pep554/harness/doctor/README.md" of
// "harness/doctor/README.md". Without an installation, as it is given.
std::string page_file(const std::string& name);

} // namespace pep554
