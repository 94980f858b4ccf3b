// A scenario: what a generated program does, as data that can be shrunk. Actions in one given
// order, each on a lane; gates keep the lanes to it. What each action is to answer follows from
// those before it (oracle.h), so any part of a scenario is one as well.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/properties/behaviour.h"
#include "harness/engine/expectation.h"

namespace pep554::properties {

struct Action {
  Op op = Op::enumerate; // neither open nor wait: gates are made for the order
  size_t lane = 0;
  std::string on;
  std::string as;
  std::string text;            // of construct the id, where `on` is empty; of write_id the value
  std::vector<Behaviour> code; // of run and eval
  // run: when it has done everything else, the code stays in the interpreter until an action says
  // that it ends, or else until all other actions are over.
  bool stays = false;
  bool ends_stay = false; // no operation: lets the run that stays in `on` go on to its end

  bool operator==(const Action&) const = default;
};

// What could be an id, and is nobody's.
inline constexpr std::string_view plainest_id = "987654321";

struct Scenario {
  std::vector<Action> actions;
  Finish finish = Finish::quit;

  bool operator==(const Scenario&) const = default;
};

// The case: program and expectations. `clauses` are those that it is to judge. Actions that make no
// sense where they stand (on a name that is not bound, on a lane whose run stays) are left out.
Case case_of(const Scenario& scenario, std::vector<std::string> clauses);

// The same, and at its end whatever is alive is destroyed. Nothing where that is not known, or
// where something stays that no destroy takes along: threads, what code left in the main
// interpreter.
std::optional<Scenario> closed(const Scenario& scenario);

} // namespace pep554::properties
