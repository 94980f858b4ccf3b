// The comment at the top of a reproduction: the failure, the expectation, and the words of the text
// that require it.
#pragma once

#include <string>

#include "harness/repro/script.h"

namespace pep554::repro {

// The comment. `runs` is the command that runs it.
std::string header(const Subject& subject, const std::string& runs, const std::string& margin);

// Whether the script checks the step's answer: it was wrong, or there is no record of
// the failure.
bool is_checked(const Subject& subject, size_t lane, size_t step);

const Expectation* expected(const Case& subject, size_t lane, size_t step);

// The judge's word on the step; null without a result.
const StepResult* judged(const Subject& subject, size_t lane, size_t step);

// Whether the failure shows in the time or the end of the process.
bool is_verdict(const Subject& subject, Verdict verdict);
// Whether the script finalizes the runtime: the end of the process is the only failure.
bool checks_exit(const Subject& subject);

} // namespace pep554::repro
