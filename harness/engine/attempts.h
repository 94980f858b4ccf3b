// The attempts at one case: which one to make next, and the result of all of them. Pure.
//
// An attempt that was not run is no evidence: it is neither counted nor believed. When others
// disagree, the case is flaky. Only one explanation of a failure leads to another result: that the
// fork causes it, and not the implementation. It is accepted when at least six forked attempts all
// failed alike, and as many fresh ones all had the other result. A case that fails at random with
// probability p, and whose first attempt failed, so passes with probability p^5 (1-p)^6, which is
// below 0.06 % for every p (reports/README.md has the table).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/engine/program.h"
#include "harness/engine/result.h"

namespace pep554 {

struct CaseAttempt {
  AttemptMode mode = AttemptMode::first;
  CaseResult result;
  std::string shortage = {}; // as History has it
};

// Whether the case has to be retried: every verdict but pass, observed and unsupported.
bool needs_retry(Verdict verdict);

// How often a program is executed before anything is retried: `repeat` times, and a program with
// several lanes at least three times, since its outcome may depend on time.
unsigned first_attempts(const Program& program, unsigned repeat);

// The attempt that is to follow these, which begin with all first ones; nothing when the result is
// settled. `can_spawn`: the host supports fresh attempts; without it, a second attempt alone takes
// their place.
std::optional<AttemptMode> next_attempt(const std::vector<CaseAttempt>& attempts, bool can_spawn);

// The result of a program that may have lacked something: a failure then says nothing about the
// implementation, and is not-run for that reason. The others stay, and so does a limit that was
// exceeded.
CaseResult excused(CaseResult result, const std::string& shortage);

// At least one attempt. Never a pass where one failed, but for a fork that is to blame (above); the
// reason then says how many attempts of each mode there were. The signature has the words in which
// all attempts with the verdict agree. A flaky case's is "flaky" and that of its worst attempts:
// how many attempts failed, and which of them, is chance, but a defect that comes and goes fails in
// one way.
CaseResult aggregate_attempts(std::vector<CaseAttempt> attempts);

} // namespace pep554
