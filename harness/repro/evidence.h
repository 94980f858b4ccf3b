// What a history says of one step that went wrong, beside that it did. Pure.
#pragma once

#include <optional>
#include <string>

#include "harness/repro/script.h"

namespace pep554::repro {

// Whether the step's interpreter had been destroyed before, through whichever object. Not known
// without a history.
bool is_of_destroyed(const Subject& subject, StepRef at);

// Of a step that runs code: the id of the clause that its first emission is about which is not as
// expected. Nothing when all are, when that cannot be told, or without a history.
std::optional<std::string> clause_of_emission(const Subject& subject, StepRef at);

// Whether enumerate named an interpreter twice.
bool names_one_twice(const Subject& subject, StepRef at);

} // namespace pep554::repro
