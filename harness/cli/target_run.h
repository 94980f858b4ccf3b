// Judges one target: starts it, executes every case, and collects the results.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

#include "harness/cli/commands.h"
#include "harness/cli/suite.h"
#include "harness/cli/targets.h"
#include "harness/engine/result.h"
#include "reports/journal.h"

namespace pep554 {

// The result.
struct Outcome {
  // The results to report; unreached cases are not-run.
  std::optional<RunResult> run;
  // An error besides the verdicts: no_target, usage (the journal does not fit),
  // harness_fault (the journal cannot be written) or interrupted; else conformant, whatever the
  // verdicts.
  Exit code = Exit::conformant;
  std::string problem; // then, one line; of a target that did not start, only why
};

// Results are written to the journal in `out` as they come. With `former`, the journal that is
// there, only what is missing in it is run; when nothing is, the target is not even started.
// Progress goes to stderr unless options.quiet. A request through `stop` ends it early; it is made
// through it, too, when the journal cannot be written. A target that says that it lacks
// subinterpreters altogether is not asked about each case: every one is unsupported, for that
// reason.
Outcome judge_target(const Target& target, const Suite& suite, const RunOptions& options,
                     const std::filesystem::path& out, const Journal* former,
                     std::stop_source& stop);

// True if every case of the run passed or was only observed.
bool all_passed(const RunResult& run);

} // namespace pep554
