// Generates scenarios. What comes how often is designed, not left to chance: a profile gives
// weights of operations, deeds and lengths, and the state of the scenario so far decides on what an
// operation is carried out. The same seed, number and profile give the same scenario on every
// machine.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "cases/properties/scenario.h"

namespace pep554::properties {

// Weights relative to each other; what is not named does not occur.
struct Profile {
  std::map<Op, unsigned> operations;
  std::map<Deed, unsigned> deeds;
  unsigned lanes = 1;   // at most
  unsigned length = 12; // actions, at most
  unsigned stays = 0;   // percent of runs that stay while others go on
  unsigned dead = 10; // percent of operations that are on a destroyed interpreter, if there is one
  unsigned literal = 20;    // percent of constructions that are of an id that nobody has
  unsigned finalize = 0;    // percent of scenarios at whose end the runtime is finalized
  unsigned destroy_all = 0; // percent at whose end every interpreter is destroyed

  bool operator==(const Profile&) const = default;
};

// Everything, with weights by which unusual pairs come up often.
const Profile& everything();

// `number` of an example, from 0 on. The length grows over the first hundred, and then varies.
Scenario generate(const Profile& profile, std::uint64_t seed, std::uint64_t number);

} // namespace pep554::properties
