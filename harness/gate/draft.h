// What a baseline should say after a run: the entries to keep, change, remove and add. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/engine/result.h"
#include "harness/gate/baseline.h"

namespace pep554::gate {

struct Draft {
  Baseline baseline;                         // as it should be
  std::vector<std::optional<size_t>> origin; // index in the old baseline of each of its entries
  std::vector<std::string> changes;          // one sentence each
};

// The old baseline with what this run shows of `versions`, those of the target that versions_of
// has. Of entries that are also for other versions, only the part for these changes. Then compare()
// has no finding but for entries that have expired.
Draft draft_of(const Baseline& old, const RunResult& run, const std::vector<std::string>& versions,
               Date today);

} // namespace pep554::gate
