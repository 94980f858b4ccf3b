// A scenario: a generated program as data that can be shrunk. Actions in one given order, each on a
// lane; gates enforce the order. The expected answer of each action follows from those before it
// (oracle.h), so any part of a scenario is a scenario.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/properties/snippet.h"
#include "harness/engine/expectation.h"

namespace pep554::properties {

struct Action {
  Op op = Op::enumerate; // neither open nor wait: gates are made for the order
  size_t lane = 0;
  std::string on;
  std::string as;
  std::string text;          // of construct the id, where `on` is empty; of write_id the value
  std::vector<Snippet> code; // of run and eval
  // run: at its end, the code blocks until an action unblocks it, or else until all other actions
  // are over.
  bool blocking = false;
  bool unblocks = false; // no operation: unblocks the run in `on`

  bool operator==(const Action&) const = default;
};

// A well-formed id of no interpreter.
inline constexpr std::string_view plainest_id = "987654321";

struct Scenario {
  std::vector<Action> actions;
  Finish finish = Finish::quit;

  bool operator==(const Scenario&) const = default;
};

// The case: program and expectations. `clauses` are those that it judges. Actions without their
// precondition (an unbound name, a lane whose run blocks) are dropped.
Case case_of(const Scenario& scenario, std::vector<std::string> clauses);

// The scenario followed by the destruction of every live interpreter. Nothing where these are not
// known, or where something remains after their destruction: threads, state of the main
// interpreter.
std::optional<Scenario> with_cleanup(const Scenario& scenario);

} // namespace pep554::properties
