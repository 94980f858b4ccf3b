// Which sentence a failure of a generated program is reported to violate.
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/properties/scenario.h"
#include "harness/engine/judge.h"
#include "harness/repro/violated_clauses.h"

namespace pep554::repro {
namespace {

using properties::Snippet;
using properties::SnippetKind;
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
                          std::vector<Snippet> code = {}) {
  return {op, 0, on, as, "", std::move(code)};
}

properties::Action run(std::vector<Snippet> code) {
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
    history_.termination.kind = Termination::Kind::exited;
    history_.termination.completed = true;
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
  Execution& ends(Termination::Kind kind, int code) {
    call();
    history_.termination = {kind, code, false, ""};
    return *this;
  }

  // Ids; of the property that found it as given.
  Ids violates(const Ids& of_property = {"isolation.survives", "isolation.process"}) const {
    const CaseResult result = judge(case_, history_);
    return violated_by(result, of_property);
  }
  Ids violated_by(const CaseResult& result, const Ids& of_property) const {
    Ids ids;
    for (const Clause* one : violated_clauses({case_, clauses(), &result, &history_, of_property}))
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
Ids violated_by_emission(std::vector<Snippet> code, const Ids& emits) {
  return Execution({action(Op::create, "", "a"), run(std::move(code))})
      .answers()
      .emits(emits)
      .violates();
}

TEST(ViolatedClauses, CodeByItsEmissions) {
  EXPECT_THAT(violated_by_emission({{SnippetKind::emit_thread}}, {"78"}),
              ElementsAre("run.os-thread"));
  EXPECT_THAT(violated_by_emission({{SnippetKind::emit_current}}, {"0"}),
              ElementsAre("get_current.inside"));
  EXPECT_THAT(violated_by_emission({{SnippetKind::emit_count}}, {"3"}),
              ElementsAre("enumerate.same-everywhere"));
  EXPECT_THAT(violated_by_emission({{SnippetKind::emit_self_running}}, {"False"}),
              ElementsAre("is_running.self"));
  EXPECT_THAT(violated_by_emission({{SnippetKind::live_and_die}}, {"True"}),
              ElementsAre("is_running.answers"));
  EXPECT_THAT(violated_by_emission({{SnippetKind::get_name, 1}}, {"name-1"}),
              ElementsAre("isolation.names"));
  EXPECT_THAT(violated_by_emission({{SnippetKind::get_sys, 1}}, {"sys-1"}),
              ElementsAre("isolation.modules"));
  EXPECT_THAT(violated_by_emission({{SnippetKind::has_path}}, {"True"}),
              ElementsAre("isolation.modules"));
  EXPECT_THAT(
      violated_by_emission({{SnippetKind::set_builtin}, {SnippetKind::get_builtin}}, {"absent"}),
      ElementsAre("run.state"));
  EXPECT_THAT(violated_by_emission({{SnippetKind::emit_thread}}, {}), ElementsAre("run.code"));
}

TEST(ViolatedClauses, CodeByTheFailedOperation) {
  const Ids done{"True"};
  EXPECT_THAT(violated_by_emission({{SnippetKind::run_destroyed}}, done),
              ElementsAre("run.destroyed"));
  EXPECT_THAT(violated_by_emission({{SnippetKind::run_invalid_id, 3}}, done),
              ElementsAre("interpreter.unknown-use"));
  EXPECT_THAT(violated_by_emission({{SnippetKind::write_id}}, {"True", "False"}),
              ElementsAre("id.read-only"));
  EXPECT_THAT(violated_by_emission({{SnippetKind::change_list}}, {"False"}),
              ElementsAre("enumerate.fresh"));
  EXPECT_THAT(violated_by_emission({{SnippetKind::construct_self}}, {"False", "True"}),
              ElementsAre("interpreter.same"));
  EXPECT_THAT(violated_by_emission({{SnippetKind::emit_running}}, {"0"}),
              ElementsAre("is_running.answers"));
}

TEST(ViolatedClauses, CodeByTheFirstEmissionThatIsWrong) {
  const std::vector<Snippet> code{
      {SnippetKind::emit_current}, {SnippetKind::emit_thread}, {SnippetKind::get_name}};
  EXPECT_THAT(violated_by_emission(code, {"1", "78", "name-0"}), ElementsAre("run.os-thread"));
  EXPECT_THAT(violated_by_emission(code, {"1", "77", "name-0"}), ElementsAre("isolation.names"));
  const std::vector<Snippet> nested{
      {SnippetKind::nest,
       0,
       {{SnippetKind::at_exit, 2}, {SnippetKind::get_sys}, {SnippetKind::emit_self_running}}},
      {SnippetKind::emit_thread}};
  EXPECT_THAT(violated_by_emission(nested, {"absent", "False", "bye-2", "77"}),
              ElementsAre("is_running.self"));
  EXPECT_THAT(violated_by_emission(nested, {"absent", "True", "77"}),
              ElementsAre("destroy.finalizes"));
  EXPECT_THAT(violated_by_emission(nested, {"absent", "True", "bye-2", "78"}),
              ElementsAre("run.os-thread"));
}

TEST(ViolatedClauses, CodeByWhetherItRaises) {
  const std::vector<properties::Action> fails{action(Op::create, "", "a"),
                                              run({{SnippetKind::raise}})};
  EXPECT_THAT(Execution(fails).answers().answers().violates(), ElementsAre("run.failure-known"));
  const std::vector<properties::Action> bad{
      action(Op::create, "", "a"), run({{SnippetKind::emit_thread}, {SnippetKind::bad_syntax}})};
  EXPECT_THAT(Execution(bad).answers().answers().violates({"run.syntax-error"}),
              ElementsAre("run.syntax-error"));
  EXPECT_THAT(Execution(bad).answers().raises({"77"}).violates(), ElementsAre("run.syntax-error"));
  const std::vector<properties::Action> well{action(Op::create, "", "a"),
                                             run({{SnippetKind::print}})};
  EXPECT_THAT(Execution(well).answers().raises().violates(), ElementsAre("run.code"));
}

TEST(ViolatedClauses, RunOfADestroyedInterpreterByAnyObject) {
  const std::vector<properties::Action> actions{
      action(Op::create, "", "a"), action(Op::construct, "a", "b"), action(Op::destroy, "b"),
      run({{SnippetKind::print}})};
  EXPECT_THAT(Execution(actions).answers().answers_with({"1"}).answers().answers().violates(),
              ElementsAre("run.destroyed"));
}

// Among several possible clauses, the property's, if the program has its operations.
TEST(ViolatedClauses, TheClauseOfThePropertyWhereItFits) {
  const Ids property{"destroy.others", "destroy.destroys"};
  const std::vector<properties::Action> other{action(Op::create, "", "b"),
                                              action(Op::create, "", "a"), action(Op::destroy, "b"),
                                              run({{SnippetKind::print}})};
  EXPECT_THAT(Execution(other).answers().answers().answers().raises().violates(property),
              ElementsAre("destroy.others"));
  const std::vector<properties::Action> alone{action(Op::create, "", "a"),
                                              run({{SnippetKind::print}})};
  EXPECT_THAT(Execution(alone).answers().raises().violates(property), ElementsAre("run.code"));
  EXPECT_THAT(Execution(alone).raises().violates({"id.read-only"}),
              ElementsAre("create.initializes"));
}

TEST(ViolatedClauses, CodeInTheMainInterpreterByWhatItCalls) {
  const auto raised = [](SnippetKind kind) {
    return Execution({action(Op::eval, "", "", {{kind}})}).raises().violates();
  };
  EXPECT_THAT(raised(SnippetKind::emit_count), ElementsAre("enumerate.all"));
  EXPECT_THAT(
      raised(SnippetKind::live_and_die),
      ElementsAre("create.initializes", "is_running.answers", "run.code", "destroy.destroys"));
  EXPECT_THAT(raised(SnippetKind::import_pure), ElementsAre("isolation.modules"));
  EXPECT_THAT(
      Execution({action(Op::eval, "", "", {{SnippetKind::get_name}})}).emits({"name-0"}).violates(),
      ElementsAre("isolation.names"));
}

TEST(ViolatedClauses, EnumerateByTheKindOfError) {
  const std::vector<properties::Action> actions{action(Op::create, "", "a"),
                                                action(Op::enumerate, "")};
  EXPECT_THAT(Execution(actions).answers().answers_with({"0", "1", "1"}).violates(),
              ElementsAre("enumerate.once"));
  EXPECT_THAT(Execution(actions).answers().answers_with({"0"}).violates(),
              ElementsAre("enumerate.all"));
}

TEST(ViolatedClauses, AnswersThatAreNotInterpreters) {
  Answer answer;
  answer.status = Status::raised;
  answer.raised = {"other", "AttributeError", "'NoneType' object has no attribute 'id'"};
  EXPECT_THAT(Execution({action(Op::create, "", "a")}).answers(answer).violates(),
              ElementsAre("create.object"));
  EXPECT_THAT(Execution({action(Op::enumerate, "")}).answers(answer).violates(),
              ElementsAre("enumerate.elements"));
}

TEST(ViolatedClauses, AnIdByWhetherThereIsOne) {
  const std::vector<properties::Action> actions{action(Op::create, "", "a"),
                                                action(Op::read_id, "a")};
  Answer other;
  other.text = "9";
  EXPECT_THAT(Execution(actions).answers().answers(other).violates(), ElementsAre("id.stable"));
  EXPECT_THAT(Execution(actions).answers().raises().violates(), ElementsAre("id.exists"));
}

TEST(ViolatedClauses, TheEndOfTheProcess) {
  const std::vector<properties::Action> actions{action(Op::create, "", "a"),
                                                run({{SnippetKind::leave}})};
  const auto ended = [&](Termination::Kind kind, int code) {
    return Execution(actions).answers().ends(kind, code).violates({"destroy.frees"});
  };
  EXPECT_THAT(ended(Termination::Kind::signaled, SIGABRT), ElementsAre("isolation.survives"));
  EXPECT_THAT(ended(Termination::Kind::deadline, 0), ElementsAre("isolation.survives"));
  EXPECT_THAT(ended(Termination::Kind::exited, 3), ElementsAre("run.exit-contained"));
}

// The text is silent: the cited clause is an open question.
TEST(ViolatedClauses, LeaksByTheGrowingStep) {
  const Execution execution({action(Op::create, "", "a"), run({{SnippetKind::print}}),
                             action(Op::enumerate, ""), action(Op::destroy, "a")});
  const auto leak = [&](const std::string& by, const Ids& of_property) {
    CaseResult result;
    result.verdict = Verdict::leak;
    result.reason = "1.3 MiB of memory leaked per repetition" + by + " (over 40 repetitions)";
    return execution.violated_by(result, of_property);
  };
  const Ids property{"destroy.frees", "module.frees"};
  EXPECT_THAT(leak(", by a.destroy()", property), ElementsAre("destroy.frees"));
  EXPECT_THAT(leak(", by a = interpreters.create()", {}), ElementsAre("destroy.frees"));
  const std::string code = properties::source_of(std::vector<Snippet>{{SnippetKind::print}});
  EXPECT_THAT(leak(", by " + render({Op::run, "a", "", code}), property), ElementsAre("run.frees"));
  EXPECT_THAT(leak(", by interpreters.enumerate()", property), ElementsAre("module.frees"));
  EXPECT_THAT(leak("", {"run.frees"}), ElementsAre("run.frees"));
}

TEST(ViolatedClauses, OpenQuestionsAreNotViolated) {
  Case one;
  one.clauses = {"destroy.twice", "destroy.removes"};
  CaseResult result;
  result.verdict = Verdict::crash;
  const auto ids = [&](const CaseResult* of) {
    Ids all;
    for (const Clause* clause : violated_clauses({one, clauses(), of}))
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
