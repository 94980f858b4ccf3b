// Holds results against a baseline, for pep554 gate and pep554 run --baseline.
#pragma once

#include <filesystem>

#include "harness/cli/exit_codes.h"
#include "harness/engine/result.h"

namespace pep554 {

// Whether the baseline can be read, or with `update` may be absent; each error was then printed.
bool check_baseline(const std::filesystem::path& file, bool update);

// Compares the results with the baseline and prints what it does not expect; with `update` rewrites
// the baseline first. `conformant` when everything is as the baseline expects, `not_conformant`
// when something is not, `usage` when the baseline is not one for this target, or was not updated.
// Results of a filter are never as expected, unless a selection was asked for (`selected`).
Exit hold_against(const RunResult& run, const std::filesystem::path& file, bool update,
                  bool selected);

} // namespace pep554
