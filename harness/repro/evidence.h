// The clause that a failed step violates, from the history's details. Pure.
#pragma once

#include <optional>
#include <string>

#include "harness/repro/script.h"

namespace pep554::repro {

// Whether the step's interpreter had been destroyed before, through any object. Not known
// without a history.
bool is_of_destroyed(const Subject& subject, StepRef at);

// For a step that runs code: the id of the clause that its first wrong emission is about. Nothing
// when none is wrong, when the clause is unknown, or without a history.
std::optional<std::string> clause_of_emission(const Subject& subject, StepRef at);

// Whether enumerate named an interpreter twice.
bool names_one_twice(const Subject& subject, StepRef at);

} // namespace pep554::repro
