// Rewrites a baseline so that it accepts what a run shows. Entries that still apply, reasons,
// comments and order stay as they are. Pure.
#pragma once

#include <string>
#include <vector>

#include "harness/engine/result.h"
#include "harness/gate/baseline.h"

namespace pep554::gate {

struct Updated {
  std::string text;                 // of the file
  std::vector<std::string> changes; // one sentence each; may hold text of the target
};

// The error says why a baseline must not be made from this run: it was interrupted, ran a
// selection, lacks results, or has no case of a table that the baseline lists as judged.
Result<> check_complete(const RunResult& run, const Baseline& baseline);

// The text of the baseline for this run. `text` is that of `baseline`; an empty one begins a file.
// An error when the run is incomplete, the target another one, or the text of a form that cannot be
// edited. Entries whose date has passed stay as they are: only a person can extend them. A flaky
// case is accepted for flaky_days.
Result<Updated> update(const std::string& text, const Baseline& baseline, const RunResult& run,
                       Date today);

inline constexpr std::chrono::days flaky_days{90};

} // namespace pep554::gate
