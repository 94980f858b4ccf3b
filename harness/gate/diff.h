// What changed between two runs. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/engine/result.h"

namespace pep554::gate {

enum class Kind {
  broken,         // passed, and does not any more
  gone,           // had a result, and has none any more
  other_evidence, // does not pass, and fails in another way; or an observed answer is another one
  slower,         // passed in both, and took longer than noise explains
  added,          // had no result, and has one now
  fixed,          // did not pass, and does now
};

// "broken", "gone", "other-evidence", "slower", "new", "fixed"
std::string_view to_string(Kind kind);

struct Change {
  Kind kind = Kind::broken;
  std::string id;
  // Of the runs' cases, which have to outlive this; null where the run has no such case.
  const CaseResult* before = nullptr;
  const CaseResult* after = nullptr;
};

// Every change, in the order of Kind, then of ids.
//
// "slower" compares each case with all others, since a case has one time per run and machines
// differ. The ratio new : old of a case that passed in both runs is divided by the median of all
// those ratios: a machine that is half as fast makes nothing slower. The case is slower if
// - that is at least slower_ratio, and beyond six standard deviations of the others, estimated by
//   their median absolute deviation;
// - its time grew by at least slower_microseconds beyond the median's share, and by at least
//   slower_ratio times the most that any case seems to have become faster by: where one case waited
//   by chance in the earlier run, another may have in the later one.
// Fewer than slower_least such cases say nothing about noise, and none is slower.
std::vector<Change> diff(const RunResult& before, const RunResult& after);

inline constexpr double slower_ratio = 2;
inline constexpr std::int64_t slower_microseconds = 500'000;
inline constexpr size_t slower_least = 20;

// Whether somebody should look: everything but what was fixed, and new cases that pass.
bool is_worse(const Change& change);

} // namespace pep554::gate
