// Computes the verdicts of the clauses and the claim from the results of the cases. Pure.
#pragma once

#include "harness/engine/result.h"
#include "spec/clauses.h"

namespace pep554 {

// Sorts the cases by id, judges each clause by the cases that cite it, and fills `clauses`,
// `conformant`, `sound` and `claim`. A clause gets the worst of its cases' verdicts; an open one is
// observed without a failure; one that no case cites was not run.
void assess(RunResult& run, const ClauseSet& set);

} // namespace pep554
