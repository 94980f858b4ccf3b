// The same scenario, with actions in another order that do not depend on each other.
#pragma once

#include <optional>

#include "cases/properties/scenario.h"

namespace pep554::properties {

// Neighbours that operate on different interpreters, neither of them the main one, change places,
// each at most once. Nothing where there are none, or where there are several lanes.
std::optional<Scenario> reordered(const Scenario& scenario);

} // namespace pep554::properties
