// Shrinks scenarios: proposes smaller ones, the smallest first.
#pragma once

#include <functional>
#include <vector>

#include "cases/properties/scenario.h"

namespace pep554::properties {

// Each is smaller than `scenario`: so a search that goes on with one of them comes to an end.
std::vector<Scenario> smaller(const Scenario& scenario);

// The size of a scenario: actions, snippets (nested ones too, and more for those that concern other
// interpreters), lanes, and values other than 0. Every scenario of smaller() has less.
size_t weight(const Scenario& scenario);

// Returns the index of the first of several scenarios that still fails, or their number. May stop
// early, with their number, when the time is over.
using Search = std::function<size_t(const std::vector<Scenario>&)>;

// Continues with smaller scenarios as long as one fails.
Scenario shrink(Scenario scenario, const Search& find);

} // namespace pep554::properties
