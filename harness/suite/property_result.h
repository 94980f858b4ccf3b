// The result of a property, from the examples of one search.
#pragma once

#include "harness/engine/result.h"
#include "harness/hunt/property_search.h"

namespace pep554 {

// The first counterexample's, shrunk. Without one: unsupported or blocked if any example was, since
// nothing is known of that; not-run without an example; else a pass. `replay` is left to be filled.
CaseResult property_result(const properties::Property& property,
                           const PropertySearch::Outcome& outcome);

} // namespace pep554
