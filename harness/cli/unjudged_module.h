// A module `interpreters` that is installed in the Python of a target, and is not what is judged:
// targets start without site packages.
#pragma once

#include <filesystem>

#include "harness/cli/targets.h"
#include "harness/engine/host_process.h"

namespace pep554 {

// The file of such a module, which site=on would judge instead of the built-in one. Empty where
// there is none, and where the target says what to judge (path=, adapter=, site=). Imports nothing.
std::filesystem::path unjudged_module(const Target& target, const Hello& hello);

// Says it on standard error, with the target that judges the module.
void warn_of_unjudged_module(const Target& target, const Hello& hello);

} // namespace pep554
