// Judges one target: starts it, executes every case, and puts the results together.
#pragma once

#include <optional>
#include <string>

#include "harness/cli/commands.h"
#include "harness/cli/suite.h"
#include "harness/cli/targets.h"
#include "harness/engine/result.h"

namespace pep554 {

// Progress goes to stderr unless options.quiet. Nothing when the target did not start; `error` then
// says why in one line. A target that says that it lacks subinterpreters altogether is not asked
// about each case: every one is unsupported, for that reason.
std::optional<RunResult> judge_target(const Target& target, const Suite& suite,
                                      const RunOptions& options, std::string& error);

// Whether every case of the run passed, or was only observed.
bool all_passed(const RunResult& run);

} // namespace pep554
