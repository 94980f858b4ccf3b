// What is said above a reproduction: what is wrong, what is expected, and which words of the text
// say so.
#pragma once

#include <string>

#include "harness/repro/script.h"

namespace pep554::repro {

// The comment. `runs` says how it is run.
std::string header(const Subject& subject, const std::string& runs, const std::string& margin);

// Whether the step's answer is to be checked: it is the one that was wrong, or nothing is known of
// what went wrong.
bool is_checked(const Subject& subject, size_t lane, size_t step);

const Expectation* expected(const Case& subject, size_t lane, size_t step);

// The judge's word on the step; null without a result.
const StepResult* judged(const Subject& subject, size_t lane, size_t step);

// Whether it is the time or the end of the process that shows the failure.
bool is_verdict(const Subject& subject, Verdict verdict);
// Whether the process is to show how it ends: the runtime is finalized, and nothing else is wrong.
bool checks_exit(const Subject& subject);

} // namespace pep554::repro
