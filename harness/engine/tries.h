// Several executions of one case, and what is to be believed of it. Pure.
#pragma once

#include <string>
#include <vector>

#include "harness/engine/result.h"

namespace pep554 {

struct Attempt {
  std::string way; // as Try has it
  CaseResult result;
};

// Whether the result has to be tried again before it is believed: all but a pass, an observation,
// and what the target says that it lacks.
bool needs_another_try(Verdict verdict);

// Attempts with forked runtimes that differ make a flaky case, never a pass. Where they agree and
// an attempt in a fresh process differs, the fork is at fault and not the implementation: the fresh
// one is believed, and the reason says so. At least one attempt.
CaseResult believe(std::vector<Attempt> attempts);

} // namespace pep554
