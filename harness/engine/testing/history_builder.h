// A case, and histories of it made by hand. For the tests of the judge.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/engine/judge.h"

namespace pep554::test {

// a = create(); a.destroy(); enumerate() expected to lack a.
inline Case subject() {
  Case made;
  made.id = "destroy.removes";
  made.clauses = {"destroy.removes"};
  made.program.lanes = {
      {{Op::create, "", "a", ""}, {Op::destroy, "a", "", ""}, {Op::enumerate, "", "", ""}}};
  Expectation excludes;
  excludes.excludes = {"a"};
  made.expectations = {{std::nullopt, std::nullopt, excludes}};
  return made;
}

// Builds a history event by event; ends() adds the termination and returns it.
class HistoryBuilder {
public:
  HistoryBuilder& call(StepRef at) {
    history_.events.push_back({Event::Kind::called, at, 0, "", {}});
    return *this;
  }

  HistoryBuilder& answer(StepRef at, Answer given) {
    history_.events.push_back({Event::Kind::returned, at, 0, "", std::move(given)});
    return *this;
  }

  HistoryBuilder& step(size_t index, Answer given) {
    return call({0, index}).answer({0, index}, std::move(given));
  }

  HistoryBuilder& add(Event::Kind kind, Answer given = {}) {
    history_.events.push_back({kind, {}, 0, "", std::move(given)});
    return *this;
  }

  HistoryBuilder& add_measured(std::int64_t repetition, std::int64_t memory) {
    add(Event::Kind::measured);
    history_.events.back().repetition = repetition;
    history_.events.back().held.memory = memory;
    return *this;
  }

  History ends(Termination::Kind kind, int code = 0, bool completed = true) {
    history_.termination = {kind, code, completed, ""};
    return history_;
  }

private:
  History history_;
};

inline Answer ids(std::vector<std::string> all) {
  Answer made;
  made.ids = std::move(all);
  return made;
}

inline Answer failed(Status status) {
  Answer made;
  made.status = status;
  made.raised = {"other", "RuntimeError", "no"};
  return made;
}

// The subject's, with nothing amiss.
inline HistoryBuilder good() {
  HistoryBuilder builder;
  builder.step(0, ids({"1"})).step(1, {}).step(2, ids({"0"}));
  return builder;
}

} // namespace pep554::test
