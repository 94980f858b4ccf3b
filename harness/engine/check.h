// Holds what one step answered against what is expected of it. Pure.
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

// What a history says of one step that answered.
struct Seen {
  Answer answer;
  std::vector<std::string> emitted; // by the step's code, at any time
  std::vector<std::string> during;  // by anyone between the step's call and its return
  std::string thread;               // native id of the lane's thread
};

// Why the step disagrees, in words that stand behind "got"; nothing when it agrees.
std::optional<std::string> disagreement(const Expectation& expectation, const Seen& seen,
                                        const Handles& handles);

// What a step answered, in words: "a, b", "True", "raised RuntimeError: no such interpreter",
// followed by what its code emitted. Ids of handles are shown by name, others as "id 7".
std::string describe(const Seen& seen, const Handles& handles);

} // namespace pep554
