// From executions to results.
#include "harness/run/results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/engine/program.h"
#include "harness/run/settings.h"

namespace pep554 {
namespace {

using properties::Check;
using properties::Property;
using properties::Scenario;
using testing::ElementsAre;
using testing::HasSubstr;

Property property() {
  Property made;
  made.name = "p";
  made.sentence = "A sentence.";
  made.clauses = {"create.object"};
  return made;
}

Scenario scenario(size_t interpreters) {
  Scenario made;
  for (size_t i = 0; i < interpreters; ++i) {
    properties::Action action;
    action.op = Op::create;
    action.as = std::string(1, static_cast<char>('a' + i));
    made.actions.push_back(action);
  }
  return made;
}

// Every create answers as it is said.
History history_of(const Program& program, Status status) {
  History history;
  for (size_t i = 0; i < program.lanes[0].size(); ++i) {
    Event event;
    event.at = {0, i};
    history.events.push_back(event);
    event.kind = Event::Kind::returned;
    event.answer.status = status;
    if (status == Status::ok)
      event.answer.ids = {std::to_string(i + 1)};
    history.events.push_back(event);
  }
  history.termination.kind = Termination::Kind::exited;
  history.termination.completed = true;
  history.microseconds = 10;
  return history;
}

Execution example(std::uint64_t number, Status status, size_t interpreters = 2) {
  const Property of = property();
  Execution made;
  made.item = "property.p";
  made.kind = Execution::Kind::example;
  made.example = number;
  made.scenario = scenario(interpreters);
  const Example one(of, made.scenario, {});
  made.programs = {to_json(one.cases().front().program)};
  made.histories = {history_of(one.cases().front().program, status)};
  return made;
}

Execution smallest(std::uint64_t number, Status status, AttemptMode mode) {
  Execution made = example(number, status, 1);
  made.kind = Execution::Kind::smallest;
  made.mode = mode;
  made.finding = "failures/x";
  made.alone = "python3 x: confirmed";
  return made;
}

ClauseSet two_clauses() {
  ClauseSet set;
  for (const char* id : {"create.object", "isolation.survives"})
    set.clauses.push_back({id, ClauseKind::stated, "q", "s", "", {}, {}});
  return set;
}

CaseResult result_of(const std::vector<Execution>& executions, const std::string& why = "") {
  const Property of = property();
  const ClauseSet set = two_clauses();
  PropertyEvidence evidence(of, set);
  for (const Execution& one : executions)
    evidence.add(one);
  return evidence.result(7, why);
}

TEST(PropertyEvidence, PassesByWhatWasJudged) {
  const CaseResult result = result_of({example(0, Status::ok), example(3, Status::ok)});
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
  EXPECT_EQ(result.id, "property.p");
  EXPECT_EQ(result.title, "A sentence.");
  EXPECT_THAT(result.clauses, ElementsAre("create.object"));
  EXPECT_EQ(result.microseconds, 20);
  EXPECT_EQ(result.property, (PropertyResult{7, 2, 2, 0, {}, "", ""}));
}

TEST(PropertyEvidence, WithoutAnExampleIsNoPass) {
  EXPECT_EQ(result_of({}).verdict, Verdict::not_run);
  EXPECT_EQ(result_of({}, "no subinterpreters").verdict, Verdict::unsupported);
  EXPECT_EQ(result_of({}, "no subinterpreters").reason, "no subinterpreters");
  EXPECT_EQ(result_of({example(0, Status::unsupported)}).verdict, Verdict::unsupported);
}

TEST(PropertyEvidence, WhatIsUnsupportedIsLeftOut) {
  const CaseResult result = result_of({example(0, Status::unsupported), example(1, Status::ok)});
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_EQ(result.property->judged, 1U);
}

TEST(PropertyEvidence, AMissingResultIsNoPass) {
  Execution lost = example(1, Status::ok);
  lost.histories.front() = {};
  lost.histories.front().termination.note = "no host";
  const CaseResult result = result_of({example(0, Status::ok), lost});
  EXPECT_EQ(result.verdict, Verdict::not_run);
  EXPECT_THAT(result.reason, HasSubstr("no host"));
}

TEST(PropertyEvidence, AFailedExampleIsAFailure) {
  const CaseResult result =
      result_of({example(9, Status::raised), example(5, Status::raised), example(0, Status::ok)});
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.property, (PropertyResult{7, 3, 3, 2, 5, "", ""})) << "the first by its number";
  EXPECT_EQ(result.steps.size(), 2U);
}

TEST(PropertyEvidence, TheSmallestIsRetriedAsACaseIs) {
  std::vector<Execution> executions{example(5, Status::raised),
                                    smallest(5, Status::raised, AttemptMode::first),
                                    smallest(5, Status::raised, AttemptMode::alone),
                                    smallest(5, Status::raised, AttemptMode::fresh)};
  CaseResult result = result_of(executions);
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.steps.size(), 1U);
  EXPECT_EQ(result.attempts.size(), 3U);
  EXPECT_EQ(result.property, (PropertyResult{7, 1, 1, 1, 5, "failures/x", "python3 x: confirmed"}));
  executions.back() = smallest(5, Status::ok, AttemptMode::alone);
  result = result_of(executions);
  EXPECT_EQ(result.verdict, Verdict::flaky) << "one good execution excuses nothing";
}

// It was seen, whatever became of what it was shrunk to.
TEST(PropertyEvidence, IsNeverAPassAfterAFailure) {
  EXPECT_EQ(
      result_of({example(5, Status::raised), smallest(5, Status::ok, AttemptMode::first)}).verdict,
      Verdict::fail);
}

TEST(PropertyEvidence, IsAgainstWhatItViolates) {
  Execution crashed = example(1, Status::ok);
  crashed.histories.front().termination = {Termination::Kind::signaled, 6, false, ""};
  const CaseResult result = result_of({crashed});
  EXPECT_EQ(result.verdict, Verdict::crash);
  EXPECT_THAT(result.clauses, ElementsAre("isolation.survives")) << "not what it is about";
}

TEST(RunEvidence, NamesWhatWasNotReached) {
  Suite suite;
  suite.properties = {property()};
  Case one;
  one.id = "t.one";
  one.program.lanes = {{{Op::create, "", "a", ""}}};
  one.expectations = {{Expectation{}}};
  suite.cases = {one};
  StoreHeader header;
  header.examples = 5;
  RunEvidence evidence(suite, true);
  EXPECT_EQ(evidence.result(header, false).unreached, 2U);
  Execution execution;
  execution.item = "t.one";
  execution.programs = {to_json(one.program)};
  execution.histories = {history_of(one.program, Status::ok)};
  evidence.add(execution);
  evidence.add(example(0, Status::ok));
  const RunResult part = evidence.result(header, false);
  EXPECT_EQ(part.unreached, 1U);
  EXPECT_EQ(part.cases[0].verdict, Verdict::pass);
  EXPECT_EQ(part.cases[1].verdict, Verdict::not_run) << "not all of its examples were executed";
  const RunResult all = evidence.result(header, true);
  EXPECT_EQ(all.unreached, 0U);
  EXPECT_EQ(all.cases[1].verdict, Verdict::pass);
  EXPECT_THAT(all.cases[0].replay, HasSubstr(" --filter case=t.one "));
}

// It executes the same examples; a case has none.
TEST(ReplayCommand, OfAPropertyHasItsSeedAndNumberOfExamples) {
  StoreHeader header;
  header.target.name = "reference";
  header.seed = RunSettings{}.seed;
  header.examples = RunSettings{}.examples;
  EXPECT_EQ(replay_command(header, "property.p"),
            "pep554 run --filter case=property.p --out alone/property.p");
  header.seed = 7;
  header.examples = 60;
  EXPECT_EQ(replay_command(header, "property.p"),
            "pep554 run --seed 7 --examples 60 --filter case=property.p --out alone/property.p");
  EXPECT_EQ(replay_command(header, "t.one"), "pep554 run --filter case=t.one --out alone/t.one");
}

TEST(AttemptOf, ACaseWithAnotherProgramIsNotRun) {
  Case one;
  one.program.lanes = {{{Op::create, "", "a", ""}}};
  one.expectations = {{Expectation{}}};
  Execution execution;
  execution.programs = {to_json(one.program)};
  execution.histories = {history_of(one.program, Status::ok)};
  EXPECT_EQ(attempt_of(one, execution).result.verdict, Verdict::pass);
  one.program.lanes[0].push_back({Op::create, "", "b", ""});
  one.expectations[0].push_back(std::nullopt);
  EXPECT_EQ(attempt_of(one, execution).result.verdict, Verdict::not_run);
}

} // namespace
} // namespace pep554
