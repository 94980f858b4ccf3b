// Smaller scenarios than a given one, the boldest first: for whoever looks for the smallest that
// still shows something.
#pragma once

#include <functional>
#include <vector>

#include "cases/properties/scenario.h"

namespace pep554::properties {

// Each is smaller than `scenario`: so a search that goes on with one of them comes to an end.
std::vector<Scenario> smaller(const Scenario& scenario);

// What is left of a scenario: actions, deeds (nested ones too, and more for those that concern
// other interpreters), lanes, and values other than 0. Every scenario of smaller() has less.
size_t weight(const Scenario& scenario);

// The first of several scenarios that still shows it, or their number. May stop early, with their
// number, when there is no time left.
using Search = std::function<size_t(const std::vector<Scenario>&)>;

// Goes on with smaller scenarios as long as one shows it.
Scenario shrink(Scenario scenario, const Search& find);

} // namespace pep554::properties
