// The changes between two runs as text, as Markdown and as JSON. Text of targets is made fit for
// each.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/engine/result.h"
#include "harness/gate/diff.h"

namespace pep554::gate {

// One line for each change, then a summary. For terminals.
std::string diff_text(const std::vector<Change>& changes, const RunResult& before,
                      const RunResult& after);

// A heading, the two targets and a table; GitHub's Markdown, for a comment or a job's summary.
std::string diff_markdown(const std::vector<Change>& changes, const RunResult& before,
                          const RunResult& after);

// {"schema": 1, "worse": BOOL, "before": RUN, "after": RUN, "counts": {KIND: N},
//  "changes": [{"kind": ..., "id": ..., "before": RESULT or null, "after": RESULT or null}]}
// RUN: {"target", "version", "started", "conformant", "filter", "cases": N}; RESULT: {"verdict",
// "signature", "reason", "duration_us"}. A count of 0 is absent.
nlohmann::ordered_json diff_json(const std::vector<Change>& changes, const RunResult& before,
                                 const RunResult& after);

} // namespace pep554::gate
