// Compares the answer of one step with its expectation. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/engine/expectation.h"
#include "harness/engine/history.h"

namespace pep554 {

// The ids of the handles bound so far, by name.
using Handles = std::map<std::string, std::string>;

// The record of one answered step in a history.
struct Observation {
  Answer answer;
  std::vector<std::string> emitted; // by the step's code, at any time
  std::vector<std::string> during;  // by anyone between the step's call and its return
  std::string thread;               // native id of the lane's thread
};

// Why the answer differs from the expectation, as text after "got"; nothing when it does not.
std::optional<std::string> disagreement(const Expectation& expectation, const Observation& seen,
                                        const Handles& handles);

// The answer of a step as text: "a, b", "True", "raised RuntimeError: no such interpreter",
// followed by what its code emitted. Ids of handles are shown by name, others as "id 7".
std::string describe(const Observation& seen, const Handles& handles);

} // namespace pep554
