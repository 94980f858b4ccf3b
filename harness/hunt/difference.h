// Whether two programs that do the same were answered alike. Pure.
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

// The first step of `one` that was answered otherwise in `other`. Steps are compared that concern
// the same handle, in their order; which of two handles' steps came first makes no difference, nor
// do the numbers of threads, the ids of interpreters, or the order of a list.
std::optional<Difference> difference(const Case& one, const History& of_one, const Case& other,
                                     const History& of_other);

} // namespace pep554
