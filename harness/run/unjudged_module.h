// A module `interpreters` that is installed in the Python of a target, and is not what is judged:
// targets start without site packages.
#pragma once

#include <filesystem>
#include <string>

#include "harness/engine/host_process.h"
#include "harness/run/targets.h"

namespace pep554 {

struct UnjudgedModule {
  std::filesystem::path file; // empty: there is none
  std::string option;         // of a target that judges it: site=on, or path=
};

// The one that Python would find first. None where the target says what to judge (path=, adapter=,
// site=). Imports nothing.
UnjudgedModule unjudged_module(const Target& target, const Hello& hello);

// Says it in one line, with the target that judges the module; empty when there is none.
std::string unjudged_warning(const Target& target, const Hello& hello);

} // namespace pep554
