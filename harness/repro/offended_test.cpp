// Which sentence a failure of a generated program is said to offend.
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/properties/scenario.h"
#include "harness/engine/judge.h"
#include "harness/repro/offended.h"

namespace pep554::repro {
namespace {

using properties::Behaviour;
using properties::Deed;
using testing::ElementsAre;
using Ids = std::vector<std::string>;

const ClauseSet& clauses() {
  static const ClauseSet set = [] {
    Diagnostics diagnostics;
    return load_clauses(PEP554_SOURCE_DIR "/spec/clauses.toml", "spec/clauses.toml", diagnostics);
  }();
  return set;
}

Ids judged_by_all() {
  Ids ids;
  for (const Clause& clause : clauses().clauses)
    if (clause.kind != ClauseKind::open)
      ids.push_back(clause.id);
  return ids;
}

properties::Action action(Op op, const std::string& on, const std::string& as = "",
                          std::vector<Behaviour> code = {}) {
  return {op, 0, on, as, "", std::move(code)};
}

properties::Action run(std::vector<Behaviour> code) {
  return action(Op::run, "a", "", std::move(code));
}

// A generated program of one lane, and what came of it: interpreters 0 (main), 1, 2, ...
class Execution {
public:
  explicit Execution(std::vector<properties::Action> actions)
      : case_(properties::case_of({std::move(actions), Finish::quit}, judged_by_all())) {
    Event lane;
    lane.kind = Event::Kind::lane;
    lane.text = "77";
    history_.events.push_back(lane);
    history_.ending.how = Ending::How::exited;
    history_.ending.completed = true;
  }

  // As the next step was to answer, but for what is given.
  Execution& answers(Answer answer = {}, const Ids& emits = {}) {
    call();
    for (const std::string& text : emits)
      add(Event::Kind::emitted).text = text;
    const Op op = case_.program.lanes[0][next_].op;
    if (op == Op::create && answer.ids.empty() && answer.status == Status::ok)
      answer.ids = {std::to_string(next_ + 1)};
    add(Event::Kind::returned).answer = std::move(answer);
    ++next_;
    return *this;
  }
  Execution& answers_with(const Ids& ids) {
    Answer answer;
    answer.ids = ids;
    return answers(answer);
  }
  Execution& emits(const Ids& texts) { return answers({}, texts); }
  Execution& raises(const Ids& texts = {}) {
    Answer answer;
    answer.status = Status::raised;
    answer.raised.type = "RuntimeError";
    return answers(answer, texts);
  }
  // Without an answer.
  Execution& ends(Ending::How how, int code) {
    call();
    history_.ending = {how, code, false, ""};
    return *this;
  }

  // Ids; of the property that found it as given.
  Ids offends(const Ids& of_property = {"isolation.survives", "isolation.process"}) const {
    const CaseResult result = judge(case_, history_);
    return offended_by(result, of_property);
  }
  Ids offended_by(const CaseResult& result, const Ids& of_property) const {
    Ids ids;
    for (const Clause* one : offended({case_, clauses(), &result, &history_, of_property}))
      ids.push_back(one->id);
    return ids;
  }

private:
  Event& add(Event::Kind kind) {
    Event event;
    event.kind = kind;
    event.at = {0, next_};
    history_.events.push_back(event);
    return history_.events.back();
  }
  void call() { add(Event::Kind::called); }

  Case case_;
  History history_;
  size_t next_ = 0;
};

// Code is run in a new interpreter, and emits this.
Ids offended_by_emission(std::vector<Behaviour> code, const Ids& emits) {
  return Execution({action(Op::create, "", "a"), run(std::move(code))})
      .answers()
      .emits(emits)
      .offends();
}

TEST(Offended, CodeByWhatItEmits) {
  EXPECT_THAT(offended_by_emission({{Deed::emit_thread}}, {"78"}), ElementsAre("run.os-thread"));
  EXPECT_THAT(offended_by_emission({{Deed::emit_current}}, {"0"}),
              ElementsAre("get_current.inside"));
  EXPECT_THAT(offended_by_emission({{Deed::emit_count}}, {"3"}),
              ElementsAre("enumerate.same-everywhere"));
  EXPECT_THAT(offended_by_emission({{Deed::emit_self_running}}, {"False"}),
              ElementsAre("is_running.self"));
  EXPECT_THAT(offended_by_emission({{Deed::live_and_die}}, {"True"}),
              ElementsAre("is_running.answers"));
  EXPECT_THAT(offended_by_emission({{Deed::get_name, 1}}, {"name-1"}),
              ElementsAre("isolation.names"));
  EXPECT_THAT(offended_by_emission({{Deed::get_sys, 1}}, {"sys-1"}),
              ElementsAre("isolation.modules"));
  EXPECT_THAT(offended_by_emission({{Deed::has_path}}, {"True"}), ElementsAre("isolation.modules"));
  EXPECT_THAT(offended_by_emission({{Deed::set_builtin}, {Deed::get_builtin}}, {"absent"}),
              ElementsAre("run.state"));
  EXPECT_THAT(offended_by_emission({{Deed::emit_thread}}, {}), ElementsAre("run.code"));
}

TEST(Offended, CodeByWhatItTriedInVain) {
  const Ids done{"True"};
  EXPECT_THAT(offended_by_emission({{Deed::run_destroyed}}, done), ElementsAre("run.destroyed"));
  EXPECT_THAT(offended_by_emission({{Deed::run_nobody, 3}}, done),
              ElementsAre("interpreter.unknown-use"));
  EXPECT_THAT(offended_by_emission({{Deed::write_id}}, {"True", "False"}),
              ElementsAre("id.read-only"));
  EXPECT_THAT(offended_by_emission({{Deed::change_list}}, {"False"}),
              ElementsAre("enumerate.fresh"));
  EXPECT_THAT(offended_by_emission({{Deed::construct_self}}, {"False", "True"}),
              ElementsAre("interpreter.same"));
  EXPECT_THAT(offended_by_emission({{Deed::emit_running}}, {"0"}),
              ElementsAre("is_running.answers"));
}

TEST(Offended, CodeByTheFirstEmissionThatIsWrong) {
  const std::vector<Behaviour> code{{Deed::emit_current}, {Deed::emit_thread}, {Deed::get_name}};
  EXPECT_THAT(offended_by_emission(code, {"1", "78", "name-0"}), ElementsAre("run.os-thread"));
  EXPECT_THAT(offended_by_emission(code, {"1", "77", "name-0"}), ElementsAre("isolation.names"));
  const std::vector<Behaviour> nested{
      {Deed::nest, 0, {{Deed::at_exit, 2}, {Deed::get_sys}, {Deed::emit_self_running}}},
      {Deed::emit_thread}};
  EXPECT_THAT(offended_by_emission(nested, {"absent", "False", "bye-2", "77"}),
              ElementsAre("is_running.self"));
  EXPECT_THAT(offended_by_emission(nested, {"absent", "True", "77"}),
              ElementsAre("destroy.finalizes"));
  EXPECT_THAT(offended_by_emission(nested, {"absent", "True", "bye-2", "78"}),
              ElementsAre("run.os-thread"));
}

TEST(Offended, CodeThatRaisesOrDoesNot) {
  const std::vector<properties::Action> fails{action(Op::create, "", "a"), run({{Deed::raise}})};
  EXPECT_THAT(Execution(fails).answers().answers().offends(), ElementsAre("run.failure-known"));
  const std::vector<properties::Action> bad{action(Op::create, "", "a"),
                                            run({{Deed::emit_thread}, {Deed::bad_syntax}})};
  EXPECT_THAT(Execution(bad).answers().answers().offends({"run.syntax-error"}),
              ElementsAre("run.syntax-error"));
  EXPECT_THAT(Execution(bad).answers().raises({"77"}).offends(), ElementsAre("run.syntax-error"));
  const std::vector<properties::Action> well{action(Op::create, "", "a"), run({{Deed::print}})};
  EXPECT_THAT(Execution(well).answers().raises().offends(), ElementsAre("run.code"));
}

TEST(Offended, RunOfADestroyedOneWhicheverObjectItIsReachedBy) {
  const std::vector<properties::Action> actions{action(Op::create, "", "a"),
                                                action(Op::construct, "a", "b"),
                                                action(Op::destroy, "b"), run({{Deed::print}})};
  EXPECT_THAT(Execution(actions).answers().answers_with({"1"}).answers().answers().offends(),
              ElementsAre("run.destroyed"));
}

// Of several that it may be, the property's, if the program has what it speaks of.
TEST(Offended, TheClauseOfThePropertyWhereItFits) {
  const Ids property{"destroy.others", "destroy.destroys"};
  const std::vector<properties::Action> other{action(Op::create, "", "b"),
                                              action(Op::create, "", "a"), action(Op::destroy, "b"),
                                              run({{Deed::print}})};
  EXPECT_THAT(Execution(other).answers().answers().answers().raises().offends(property),
              ElementsAre("destroy.others"));
  const std::vector<properties::Action> alone{action(Op::create, "", "a"), run({{Deed::print}})};
  EXPECT_THAT(Execution(alone).answers().raises().offends(property), ElementsAre("run.code"));
  EXPECT_THAT(Execution(alone).raises().offends({"id.read-only"}),
              ElementsAre("create.initializes"));
}

TEST(Offended, CodeInTheMainInterpreterByWhatItCalls) {
  const auto raised = [](Deed deed) {
    return Execution({action(Op::eval, "", "", {{deed}})}).raises().offends();
  };
  EXPECT_THAT(raised(Deed::emit_count), ElementsAre("enumerate.all"));
  EXPECT_THAT(raised(Deed::live_and_die), ElementsAre("create.initializes", "is_running.answers",
                                                      "run.code", "destroy.destroys"));
  EXPECT_THAT(raised(Deed::import_pure), ElementsAre("isolation.modules"));
  EXPECT_THAT(Execution({action(Op::eval, "", "", {{Deed::get_name}})}).emits({"name-0"}).offends(),
              ElementsAre("isolation.names"));
}

TEST(Offended, TheListByWhatIsWrongInIt) {
  const std::vector<properties::Action> actions{action(Op::create, "", "a"),
                                                action(Op::enumerate, "")};
  EXPECT_THAT(Execution(actions).answers().answers_with({"0", "1", "1"}).offends(),
              ElementsAre("enumerate.once"));
  EXPECT_THAT(Execution(actions).answers().answers_with({"0"}).offends(),
              ElementsAre("enumerate.all"));
}

TEST(Offended, AnswersThatAreNoInterpreters) {
  Answer answer;
  answer.status = Status::raised;
  answer.raised = {"other", "AttributeError", "'NoneType' object has no attribute 'id'"};
  EXPECT_THAT(Execution({action(Op::create, "", "a")}).answers(answer).offends(),
              ElementsAre("create.object"));
  EXPECT_THAT(Execution({action(Op::enumerate, "")}).answers(answer).offends(),
              ElementsAre("enumerate.elements"));
}

TEST(Offended, AnIdByWhetherThereIsOne) {
  const std::vector<properties::Action> actions{action(Op::create, "", "a"),
                                                action(Op::read_id, "a")};
  Answer other;
  other.text = "9";
  EXPECT_THAT(Execution(actions).answers().answers(other).offends(), ElementsAre("id.stable"));
  EXPECT_THAT(Execution(actions).answers().raises().offends(), ElementsAre("id.exists"));
}

TEST(Offended, TheEndOfTheProcess) {
  const std::vector<properties::Action> actions{action(Op::create, "", "a"), run({{Deed::leave}})};
  const auto ended = [&](Ending::How how, int code) {
    return Execution(actions).answers().ends(how, code).offends({"destroy.frees"});
  };
  EXPECT_THAT(ended(Ending::How::signaled, SIGABRT), ElementsAre("isolation.survives"));
  EXPECT_THAT(ended(Ending::How::deadline, 0), ElementsAre("isolation.survives"));
  EXPECT_THAT(ended(Ending::How::exited, 3), ElementsAre("run.exit-contained"));
}

// The text says nothing of it: what is cited is said to be an open question.
TEST(Offended, WhatLeaksByTheStepThatGrew) {
  const Execution execution({action(Op::create, "", "a"), run({{Deed::print}}),
                             action(Op::enumerate, ""), action(Op::destroy, "a")});
  const auto leak = [&](const std::string& by, const Ids& of_property) {
    CaseResult result;
    result.verdict = Verdict::leak;
    result.reason = "1.3 MiB of memory stay behind each time" + by + " (over 40 repetitions)";
    return execution.offended_by(result, of_property);
  };
  const Ids property{"destroy.frees", "module.frees"};
  EXPECT_THAT(leak(", by a.destroy()", property), ElementsAre("destroy.frees"));
  EXPECT_THAT(leak(", by a = interpreters.create()", {}), ElementsAre("destroy.frees"));
  const std::string code = properties::source_of(std::vector<Behaviour>{{Deed::print}});
  EXPECT_THAT(leak(", by " + render({Op::run, "a", "", code}), property), ElementsAre("run.frees"));
  EXPECT_THAT(leak(", by interpreters.enumerate()", property), ElementsAre("module.frees"));
  EXPECT_THAT(leak("", {"run.frees"}), ElementsAre("run.frees"));
}

TEST(Offended, NoOpenQuestionByWhatWentWrong) {
  Case one;
  one.clauses = {"destroy.twice", "destroy.removes"};
  CaseResult result;
  result.verdict = Verdict::crash;
  const auto ids = [&](const CaseResult* of) {
    Ids all;
    for (const Clause* clause : offended({one, clauses(), of}))
      all.push_back(clause->id);
    return all;
  };
  EXPECT_THAT(ids(nullptr), ElementsAre("destroy.twice", "destroy.removes"));
  EXPECT_THAT(ids(&result), ElementsAre("destroy.removes"));
  one.clauses = {"destroy.twice"};
  EXPECT_THAT(ids(&result), ElementsAre("isolation.survives"));
}

} // namespace
} // namespace pep554::repro
