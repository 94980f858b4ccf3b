// The clauses of the sample: a few sentences of the text, with what follows from them.
#pragma once

#include <vector>

#include "harness/engine/result.h"

namespace pep554 {

// Without verdicts and cases.
std::vector<ClauseResult> sample_clauses();

// Gives each clause the worst verdict of the cases that cite it, as the engine does.
void judge_sample(RunResult& run);

// Text as a hostile target could print it: markup, quotes, escapes, controls, marks of direction,
// bytes that are not UTF-8, and a very long line.
std::string hostile_text();

} // namespace pep554
