// Compares the results of a run with a baseline. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/engine/result.h"
#include "harness/gate/baseline.h"

namespace pep554::gate {

enum class Reason {
  partial_run,     // a selection, an interrupted run, or a target with nothing to judge
  gone,            // a case that the baseline lists as judged is not in the results
  not_judged,      // the case has no result, and no entry accepts that
  unexpected,      // the case failed, and there is no entry for it
  unexpected_pass, // the case passed, against its entry
  other_verdict,   // the case deviates, but not as its entry says
  other_signature, // the verdict is that of its entry, the kind of failure is another
  unmatched_entry, // nothing in the results is what the entry is about
  expired_entry,   // the entry's date has passed
};

// "partial-run", "gone", "not-judged", ...
std::string_view to_string(Reason reason);

struct Finding {
  Reason reason = Reason::unexpected;
  std::string subject;         // id of the case, or as subject_of; empty: the run as a whole
  std::string text;            // one sentence; may hold text of the target
  std::optional<size_t> entry; // index of the entry that it is about, if it is about one
};

struct Comparison {
  std::vector<Finding> findings;      // nothing: the results are those that the baseline expects
  size_t accepted = 0;                // cases that deviate as an entry accepts
  std::vector<std::string> not_shown; // flaky cases with an entry, which passed this time
  size_t unexplained = 0;             // entries of this version whose reason is missing_reason
};

// The reason of an entry that has to be explained yet.
inline constexpr std::string_view missing_reason = "no reason given yet";

// What was to be judged.
enum class Extent {
  whole,     // everything: results of a filter are a finding
  selection, // what the results' filter selects; the baseline may be about more
};

// `versions` as versions_of has them for this target. Findings come in the order of Reason; of one
// reason in the order of the cases, then of the entries.
Comparison compare(const RunResult& run, const Baseline& baseline,
                   const std::vector<std::string>& versions, Date today,
                   Extent extent = Extent::whole);

// Whether the case passed, or was observed.
bool is_good(const CaseResult& result);
// The signature of a case that is not good; the verdict where the results have none.
std::string signature_in(const CaseResult& result);
// Whether the entry accepts this result. A flaky case may also pass, or fail each time as it fails
// now and then.
bool accepts(const Entry& entry, const CaseResult& result);

// The entries of this version for a case, as indices: its own, or else those of its clauses.
std::vector<size_t> entries_for(const CaseResult& result, const Baseline& baseline,
                                const std::vector<std::string>& versions);

} // namespace pep554::gate
