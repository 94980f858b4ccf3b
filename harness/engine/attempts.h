// Aggregates several executions of one case. Pure.
#pragma once

#include <string>
#include <vector>

#include "harness/engine/result.h"

namespace pep554 {

struct CaseAttempt {
  std::string mode; // as Attempt has it
  CaseResult result;
};

// Whether the case has to be retried: every verdict but pass, observed and unsupported.
bool needs_retry(Verdict verdict);

// Forked attempts with different verdicts make the case flaky, never a pass. Where they agree and
// an attempt with a new runtime differs, the fork is at fault: the new runtime's result counts, and
// the reason says so. At least one attempt.
CaseResult aggregate_attempts(std::vector<CaseAttempt> attempts);

} // namespace pep554
