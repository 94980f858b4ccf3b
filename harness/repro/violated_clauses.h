// The clauses that a failure violates. A handwritten case cites few clauses, which are the result.
// A generated program cites all: there the kind of error selects the clauses, and among several the
// property that found it.
#pragma once

#include <vector>

#include "harness/repro/script.h"

namespace pep554::repro {

// At least one, if the set has it. Without a result those that the case cites; with one no open
// question, except for a leak, about which the text is silent.
std::vector<const Clause*> violated_clauses(const Subject& subject);

} // namespace pep554::repro
