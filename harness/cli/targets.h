// What --target names, and the command that starts a host for it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/cli/paths.h"

namespace pep554 {

struct Target {
  std::string name;                 // as given
  std::vector<std::string> command; // the host, its plugin, its options
};

struct KnownTarget {
  std::string form; // as --target takes it
  std::string what; // in one sentence
};

// Understands "reference" and "cpython:LIBPYTHON[,adapter=NAME][,path=DIR]...[,site=on|off]
// [,home=DIR]". Nothing when it cannot; `error` then says what was expected, in one line.
std::optional<Target> parse_target(std::string_view given, const Paths& paths, std::string& error);

// The forms, for `pep554 list targets`: one line for each adapter that is shipped.
std::vector<KnownTarget> known_targets(const Paths& paths);

} // namespace pep554
