// The judge: a pure function of a case, the history of its program and the model. Nothing is
// executed; a stored history can be judged again at any time.
//
// The first problem decides. A step whose answer disagrees with its expectation, or
// to which the model objects with a clause that the case cites, fails the case; one that only
// prepares and raises, or to which the model objects with another clause, blocks it. A process that
// died, hung or exceeded a limit decides before either; it violates isolation.survives, or at its
// exit exit.clean, whatever the case is about: the result cites that clause too. Of a case that
// repeats, the first repetition is judged as usual; a later one whose step answers differently is
// judged by that step; without other problems, steady growth of resources is a leak.
#pragma once

#include "harness/engine/expectation.h"
#include "harness/engine/history.h"
#include "harness/engine/leak.h"
#include "harness/engine/result.h"

namespace pep554 {

// The case's result but for `replay`, which only the caller knows.
// `baseline` is subtracted from the growth of a case that repeats.
CaseResult judge(const Case& subject, const History& history, const Baseline& baseline = {});

} // namespace pep554
