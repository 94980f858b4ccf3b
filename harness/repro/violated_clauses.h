// Which sentence of the text a failure violates. A case that somebody wrote cites few clauses,
// which are these. A generated program cites them all: there it is chosen by what went wrong, and
// where that leaves several, by the property that found it.
#pragma once

#include <vector>

#include "harness/repro/script.h"

namespace pep554::repro {

// At least one, if the set has it. Without a result those that the case cites; with one no open
// question, but for a leak, of which the text says nothing.
std::vector<const Clause*> violated_clauses(const Subject& subject);

} // namespace pep554::repro
