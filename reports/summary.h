// Summaries of a run's results: counts, and whether the target is conformant, not conformant, or
// only partly judged. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/engine/result.h"

namespace pep554 {

using Counts = std::map<Verdict, size_t>; // verdicts that did not occur are absent

// Clauses per kind and verdict; every kind is present.
std::map<ClauseKind, Counts> clause_counts(const RunResult& run);

size_t total(const Counts& counts);

// True for the results that were not obtained: host-fault, unsupported, blocked, not-run.
bool is_missing(Verdict verdict);

enum class Claim {
  conformant,     // RunResult::conformant and sound are true
  not_sound,      // it is conformant, but leaks or is flaky
  not_conformant, // everything was asked for, and a stated or implied clause failed
  unsupported,    // the target has nothing to judge
  partial,        // only a selection was run; or nothing failed, but not all was judged
};

Claim claim_of(const RunResult& run);
// "Conformant", "Conformant, not sound", "Not conformant", "Unsupported", "Partial"
std::string_view to_string(Claim claim);

// How much a result weighs against the target. In this order reports list what did not pass.
enum class Weight {
  stated,    // a failure, and a stated clause is cited
  implied,   // a failure, and an implied one is
  soundness, // a leak or a flaky result of an open question
  open,      // another failure of an open question
  missing,   // no result was obtained
  none,      // a pass, or an observation
};
Weight weight_of(const CaseResult& result, const RunResult& run);

// What did not pass, the heaviest first; then by id. Of the run, which outlives it.
std::vector<const CaseResult*> not_passed(const RunResult& run);

// The same, where four or more have one verdict for one reason together, in the place of the first;
// the others by themselves.
std::vector<std::vector<const CaseResult*>> problems_of(const RunResult& run);

// The clause that it is against: the first stated or implied one that it cites, else the first;
// empty when it cites none.
std::string main_clause(const CaseResult& result, const RunResult& run);

// The target's description of itself, in one line: "cpython 3.14.8, embedded, adapter concurrent".
std::string self_description(const RunResult& run);

// What was selected: "destroy.*, shard 2/4". Empty when everything was.
std::string selection_of(const RunResult& run);

// The table of a case: its id before the first dot; the whole id where there is none.
std::string_view table_of(std::string_view case_id);

} // namespace pep554
