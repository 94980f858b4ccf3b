// The judge: a pure function of a case, the history of its program and the model. Nothing is
// executed; a stored history can be judged again at any time.
//
// The first thing that went wrong decides. A step whose answer disagrees with its expectation, or
// to which the model objects with a clause that the case cites, fails the case; one that only
// prepares and raises, or to which the model objects with another clause, blocks it. A process that
// died, hung or flooded decides before either.
#pragma once

#include "harness/engine/expectation.h"
#include "harness/engine/history.h"
#include "harness/engine/result.h"

namespace pep554 {

// The case's result but for `replay`, which only the caller knows.
CaseResult judge(const Case& subject, const History& history);

} // namespace pep554
