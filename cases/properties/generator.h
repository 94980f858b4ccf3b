// Generates scenarios. A profile gives the weights of operations, snippets and lengths; the state
// of the scenario so far selects the operands. The same seed, number and profile give the same
// scenario on every machine.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "cases/properties/scenario.h"

namespace pep554::properties {

// Relative weights; the default is 0.
struct Profile {
  std::map<Op, unsigned> operations;
  std::map<SnippetKind, unsigned> snippet_kinds;
  unsigned lanes = 1;    // at most
  unsigned length = 12;  // actions, at most
  unsigned blocking = 0; // percent of runs that block while other actions run
  unsigned dead = 10; // percent of operations that are on a destroyed interpreter, if there is one
  unsigned literal = 20;    // percent of constructions with an id of no interpreter
  unsigned finalize = 0;    // percent of scenarios at whose end the runtime is finalized
  unsigned destroy_all = 0; // percent at whose end every interpreter is destroyed

  bool operator==(const Profile&) const = default;
};

// Every operation and snippet, weighted so that unusual pairs occur often.
const Profile& everything();

// `number` of an example, from 0 on. The length grows over the first hundred, and then varies.
Scenario generate(const Profile& profile, std::uint64_t seed, std::uint64_t number);

} // namespace pep554::properties
