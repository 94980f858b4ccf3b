// Compares the answers of two equivalent programs. Pure.
#pragma once

#include <optional>
#include <string>

#include "harness/engine/expectation.h"
#include "harness/engine/history.h"

namespace pep554 {

struct Difference {
  std::string operation; // its name, as in tables
  std::string step;      // as Python
  std::string one;       // the answers, in words
  std::string other;
};

// The first step of `one` with a different answer in `other`. Steps of the same handle are
// compared, in their order; the order of steps of different handles is ignored, and so are thread
// numbers, ids of interpreters, and the order of a list.
std::optional<Difference> difference(const Case& one, const History& of_one, const Case& other,
                                     const History& of_other);

} // namespace pep554
