// The judge on histories made by hand: each verdict, and what decides when several things are
// wrong.
#include "harness/engine/judge.h"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/engine/testing/history_builder.h"

namespace pep554 {
namespace {

using test::failed;
using test::good;
using test::HistoryBuilder;
using test::ids;
using test::subject;
using testing::ElementsAre;
using testing::HasSubstr;
using State = StepResult::State;
using Kind = Event::Kind;

TEST(Judge, PassesExpectedAnswers) {
  const CaseResult result = judge(subject(), good().ends(Termination::Kind::exited));
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_EQ(result.reason, "");
  ASSERT_EQ(result.steps.size(), 3U);
  EXPECT_EQ(result.steps[0].state, State::prepared);
  EXPECT_EQ(result.steps[2].state, State::agreed);
  EXPECT_EQ(result.steps[2].got, "id 0");
}

TEST(Judge, FailsUnexpectedAnswers) {
  HistoryBuilder builder;
  builder.step(0, ids({"1"})).step(1, {}).step(2, ids({"0", "1"}));
  const CaseResult result = judge(subject(), builder.ends(Termination::Kind::exited));
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.reason, "interpreters.enumerate(): expected: does not list a; got: id 0, a");
  EXPECT_EQ(result.steps[2].state, State::disagreed);
}

// A case that cites an open clause alone.
Case open_subject() {
  Case made = subject();
  made.clauses = {"destroy.result"};
  made.open = true;
  return made;
}

TEST(Judge, AProcessThatDoesNotSurviveViolatesAClauseOfItsOwn) {
  for (const auto& [kind, verdict] :
       {std::pair{Termination::Kind::signaled, Verdict::crash},
        {Termination::Kind::exited, Verdict::crash},
        {Termination::Kind::deadline, Verdict::hang},
        {Termination::Kind::limit_exceeded, Verdict::limit_exceeded}}) {
    HistoryBuilder builder;
    builder.step(0, ids({"1"})).call({0, 1});
    const CaseResult result = judge(open_subject(), builder.ends(kind, SIGSEGV, false));
    EXPECT_EQ(result.verdict, verdict);
    EXPECT_THAT(result.clauses, ElementsAre("destroy.result", "isolation.survives"));
  }
}

TEST(Judge, AProcessThatCannotExitViolatesAClauseOfItsOwn) {
  Case one = open_subject();
  one.program.finish = Finish::finalize;
  CaseResult result =
      judge(one, good().add(Kind::finalize).ends(Termination::Kind::signaled, SIGABRT));
  EXPECT_EQ(result.verdict, Verdict::broken_at_exit);
  EXPECT_THAT(result.clauses, ElementsAre("destroy.result", "exit.clean"));
  HistoryBuilder blocked;
  blocked.step(0, ids({"1"})).step(1, failed(Status::raised)).step(2, ids({"0", "1"}));
  result = judge(one, blocked.add(Kind::finalize).ends(Termination::Kind::signaled, SIGABRT));
  EXPECT_EQ(result.verdict, Verdict::broken_at_exit) << "a missing result does not hide it";
  EXPECT_THAT(result.reason, HasSubstr("SIGABRT; before: blocked: a.destroy() prepares"));
  EXPECT_THAT(result.clauses, ElementsAre("destroy.result", "exit.clean"));
}

TEST(Judge, AFailedCaseWhoseProcessCannotExitViolatesBoth) {
  Case one = subject();
  one.program.finish = Finish::finalize;
  HistoryBuilder builder;
  builder.step(0, ids({"1"})).step(1, {}).step(2, ids({"0", "1"})).add(Kind::finalize);
  const CaseResult result = judge(one, builder.ends(Termination::Kind::signaled, SIGABRT));
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_THAT(result.clauses, ElementsAre("destroy.removes", "exit.clean"));
}

TEST(Judge, ACitedClauseIsCitedOnce) {
  Case one = subject();
  one.clauses = {"isolation.survives"};
  HistoryBuilder builder;
  EXPECT_THAT(judge(one, builder.ends(Termination::Kind::signaled, SIGSEGV, false)).clauses,
              ElementsAre("isolation.survives"));
}

TEST(Judge, BlocksWhenAPreparationRaises) {
  HistoryBuilder builder;
  builder.step(0, failed(Status::raised)).step(1, {}).step(2, ids({"0"}));
  const CaseResult result = judge(subject(), builder.ends(Termination::Kind::exited));
  EXPECT_EQ(result.verdict, Verdict::blocked);
  EXPECT_THAT(result.reason, HasSubstr("a = interpreters.create() prepares the case, but raised"));
}

TEST(Judge, DistinguishesUnsupportedFromPluginFailure) {
  HistoryBuilder unsupported;
  unsupported.step(0, ids({"1"})).step(1, failed(Status::unsupported));
  EXPECT_EQ(judge(subject(), unsupported.ends(Termination::Kind::exited)).verdict,
            Verdict::unsupported);
  HistoryBuilder plugin;
  plugin.step(0, ids({"1"})).step(1, failed(Status::failed));
  EXPECT_EQ(judge(subject(), plugin.ends(Termination::Kind::exited)).verdict, Verdict::blocked);
}

TEST(Judge, NotSupportedIsUnsupported) {
  Answer refused = failed(Status::raised);
  refused.raised.category = "unsupported";
  HistoryBuilder builder;
  builder.step(0, ids({"1"})).step(1, refused);
  EXPECT_EQ(judge(subject(), builder.ends(Termination::Kind::exited)).verdict,
            Verdict::unsupported);
}

TEST(Judge, NamesTheHangingCallNotTheWaitingLane) {
  Case made = subject();
  made.program.lanes = {{{Op::wait, "", "", "g"}}, {{Op::destroy, "a", "", ""}}};
  made.expectations = {{std::nullopt}, {std::nullopt}};
  HistoryBuilder builder;
  builder.call({0, 0}).call({1, 0});
  EXPECT_THAT(judge(made, builder.ends(Termination::Kind::deadline, 0, false)).reason,
              testing::StartsWith("a.destroy() had no answer"));
}

TEST(Judge, ChecksTheModelWithoutAnExpectation) {
  Case quiet = subject();
  quiet.expectations = {{std::nullopt, std::nullopt, std::nullopt}};
  HistoryBuilder builder;
  builder.step(0, ids({"1"})).step(1, {}).step(2, ids({"0", "1"}));
  const History history = builder.ends(Termination::Kind::exited);
  EXPECT_EQ(judge(quiet, history).verdict, Verdict::fail) << "the model's clause is cited";
  quiet.clauses = {"run.code"};
  const CaseResult result = judge(quiet, history);
  EXPECT_EQ(result.verdict, Verdict::blocked) << "the model's clause is another one";
  EXPECT_THAT(result.reason, HasSubstr("destroy.removes"));
}

TEST(Judge, NamesTheCallThatHadNoAnswer) {
  HistoryBuilder builder;
  builder.step(0, ids({"1"})).call({0, 1});
  const CaseResult crash =
      judge(subject(), builder.ends(Termination::Kind::signaled, SIGABRT, false));
  EXPECT_EQ(crash.verdict, Verdict::crash);
  EXPECT_EQ(crash.reason, "a.destroy() had no answer: the process was ended by SIGABRT");
  EXPECT_EQ(crash.steps[1].state, State::no_answer);
  EXPECT_EQ(crash.steps[2].state, State::not_reached);
  const CaseResult hang = judge(subject(), builder.ends(Termination::Kind::deadline, 9, false));
  EXPECT_EQ(hang.verdict, Verdict::hang);
  EXPECT_THAT(hang.reason, HasSubstr("deadline of 10000 ms"));
  EXPECT_EQ(judge(subject(), builder.ends(Termination::Kind::limit_exceeded, 9, false)).verdict,
            Verdict::limit_exceeded);
  EXPECT_EQ(judge(subject(), builder.ends(Termination::Kind::lost, 0, false)).verdict,
            Verdict::crash);
}

TEST(Judge, AFaultOfTheHostSaysNothingOfTheTarget) {
  const auto faulty = [](HistoryBuilder builder) {
    History history = builder.ends(Termination::Kind::host_fault, 0, false);
    history.termination.note = "it exited with status 3";
    return judge(subject(), history);
  };
  EXPECT_EQ(faulty(good()).verdict, Verdict::host_fault);
  EXPECT_EQ(faulty(good()).reason, "the host is at fault: it exited with status 3");
  HistoryBuilder wrong;
  wrong.step(0, ids({"1"})).step(1, {}).step(2, ids({"0", "1"}));
  EXPECT_EQ(faulty(wrong).verdict, Verdict::host_fault);
  EXPECT_EQ(faulty(good().add(Event::Kind::finalize)).verdict, Verdict::host_fault);
}

TEST(Judge, AnEarlyExitIsACrashEvenWithStatusZero) {
  HistoryBuilder builder;
  builder.step(0, ids({"1"})).call({0, 1});
  const CaseResult result = judge(subject(), builder.ends(Termination::Kind::exited, 0, false));
  EXPECT_EQ(result.verdict, Verdict::crash);
  EXPECT_THAT(result.reason, HasSubstr("exited with status 0"));
}

TEST(Judge, ACrashOutweighsAWrongAnswer) {
  HistoryBuilder builder;
  builder.step(0, ids({"1"})).step(1, {}).step(2, ids({"0", "1"}));
  EXPECT_EQ(judge(subject(), builder.ends(Termination::Kind::signaled, SIGSEGV, false)).verdict,
            Verdict::crash);
}

TEST(Judge, TheFirstProblemDecides) {
  HistoryBuilder builder;
  builder.step(0, ids({"1"})).step(1, failed(Status::raised)).step(2, ids({"0", "1"}));
  EXPECT_EQ(judge(subject(), builder.ends(Termination::Kind::exited)).verdict, Verdict::blocked);
}

TEST(Judge, ReportsBrokenAtExit) {
  const Case one = subject();
  const auto verdict = [&](HistoryBuilder builder, Termination::Kind kind, int code) {
    return judge(one, builder.ends(kind, code)).verdict;
  };
  HistoryBuilder leaving = good().add(Kind::finalize);
  EXPECT_EQ(verdict(leaving, Termination::Kind::signaled, SIGSEGV), Verdict::broken_at_exit);
  EXPECT_EQ(verdict(leaving, Termination::Kind::deadline, 9), Verdict::broken_at_exit);
  HistoryBuilder left = good().add(Kind::finalize).add(Kind::finalized);
  EXPECT_EQ(verdict(left, Termination::Kind::exited, 0), Verdict::pass);
  EXPECT_EQ(verdict(left, Termination::Kind::exited, 1), Verdict::broken_at_exit);
  HistoryBuilder refused = good().add(Kind::finalize).add(Kind::finalized, failed(Status::failed));
  EXPECT_EQ(verdict(refused, Termination::Kind::exited, 0), Verdict::broken_at_exit);
}

TEST(Judge, AWrongAnswerIsWorseThanBrokenAtExit) {
  HistoryBuilder builder;
  builder.step(0, ids({"1"})).step(1, {}).step(2, ids({"0", "1"})).add(Kind::finalize);
  EXPECT_EQ(judge(subject(), builder.ends(Termination::Kind::signaled, SIGSEGV)).verdict,
            Verdict::fail);
}

TEST(Judge, AnExitWhileFinalizingIsBrokenAtExit) {
  const CaseResult result =
      judge(subject(), good().add(Kind::finalize).ends(Termination::Kind::exited, 0));
  EXPECT_EQ(result.verdict, Verdict::broken_at_exit);
  EXPECT_THAT(result.reason, HasSubstr("left before the runtime was finalized"));
}

TEST(Judge, RequiresEvidenceForAPass) {
  HistoryBuilder builder;
  builder.step(0, ids({"1"})).step(1, {});
  const CaseResult result = judge(subject(), builder.ends(Termination::Kind::exited));
  EXPECT_EQ(result.verdict, Verdict::blocked);
  EXPECT_THAT(result.reason, HasSubstr("no answer was recorded"));
}

TEST(Judge, AProgramThatCouldNotRunIsNoCrash) {
  HistoryBuilder builder;
  builder.call({0, 0}).answer({0, 0}, failed(Status::unsupported));
  EXPECT_EQ(judge(subject(), builder.ends(Termination::Kind::exited, 0, false)).verdict,
            Verdict::unsupported);
}

TEST(Judge, AWaitingLaneIsNoHangAfterAFailedStep) {
  Case made = subject();
  made.program.lanes = {{{Op::create, "", "a", ""}}, {{Op::wait, "", "", "g"}}};
  made.expectations = {{std::nullopt}, {std::nullopt}};
  HistoryBuilder builder;
  builder.call({1, 0}).call({0, 0}).answer({0, 0}, failed(Status::raised));
  EXPECT_EQ(judge(made, builder.ends(Termination::Kind::deadline, 0, false)).verdict,
            Verdict::blocked);
}

TEST(Judge, AnInterpreterWithoutAnObjectMayBeGone) {
  Case made = subject();
  made.clauses = {"enumerate.all"};
  made.program.lanes[0][0].as = "";
  made.program.lanes[0][1] = {Op::get_main, "", "main", ""};
  made.expectations = {{std::nullopt, std::nullopt, std::nullopt}};
  HistoryBuilder builder;
  builder.step(0, ids({"1"})).step(1, ids({"0"})).step(2, ids({"0"}));
  EXPECT_EQ(judge(made, builder.ends(Termination::Kind::exited)).verdict, Verdict::pass);
}

// Whether ids come back is open, and so is a second destroy; that b is listed is not.
TEST(Judge, AReusedIdIsOfTheLaterInterpreter) {
  Case again;
  again.id = "destroy.others";
  again.clauses = {"destroy.others", "destroy.removes"};
  again.program.lanes = {{{Op::create, "", "a", ""},
                          {Op::destroy, "a", "", ""},
                          {Op::create, "", "b", ""},
                          {Op::destroy, "a", "", ""},
                          {Op::enumerate, "", "", ""}}};
  Expectation any;
  any.outcome = Expectation::Outcome::any;
  Expectation lists;
  lists.contains = {"b"};
  again.expectations = {{std::nullopt, std::nullopt, std::nullopt, any, lists}};
  HistoryBuilder builder;
  builder.step(0, ids({"1"})).step(1, {}).step(2, ids({"1"})).step(3, {}).step(4, ids({"0", "1"}));
  const CaseResult result = judge(again, builder.ends(Termination::Kind::exited));
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
}

TEST(Judge, CodeMayKeepAReferenceToTheModule) {
  Case made = subject();
  made.clauses = {"enumerate.all"};
  made.program.lanes[0] = {{Op::create, "", "a", ""},
                           {Op::eval, "", "", "m = interpreters"},
                           {Op::create, "", "b", ""},
                           {Op::eval, "", "", "m.enumerate()[1].destroy()"},
                           {Op::enumerate, "", "", ""}};
  made.expectations = {std::vector<std::optional<Expectation>>(5)};
  HistoryBuilder builder;
  builder.step(0, ids({"1"})).step(1, {}).step(2, ids({"2"})).step(3, {}).step(4, ids({"0", "2"}));
  EXPECT_EQ(judge(made, builder.ends(Termination::Kind::exited)).verdict, Verdict::pass);
}

TEST(Judge, AHandleThatWasNeverBoundBlocks) {
  Case made = subject();
  made.program.lanes[0][0].as = "b";
  made.program.lanes[0][1] = {Op::get_main, "", "main", ""};
  HistoryBuilder builder;
  builder.step(0, ids({"1"})).step(1, ids({"0"})).step(2, ids({"0", "1"}));
  EXPECT_EQ(judge(made, builder.ends(Termination::Kind::exited)).verdict, Verdict::blocked);
}

TEST(Judge, NotRunIsNotAPass) {
  EXPECT_EQ(judge(subject(), History{}).verdict, Verdict::not_run);
}

TEST(Judge, ObservesAnOpenQuestion) {
  Case open = subject();
  open.open = true;
  Expectation any;
  any.outcome = Expectation::Outcome::any;
  open.expectations = {{std::nullopt, any, any}};
  HistoryBuilder builder;
  builder.step(0, ids({"1"})).step(1, failed(Status::raised)).step(2, ids({"0", "1"}));
  open.clauses = {"destroy.removes"};
  EXPECT_EQ(judge(open, builder.ends(Termination::Kind::exited)).verdict, Verdict::observed)
      << "not even the model judges it";
  const CaseResult result = judge(open, good().ends(Termination::Kind::exited));
  EXPECT_EQ(result.verdict, Verdict::observed);
  EXPECT_EQ(result.steps[1].state, State::observed);
  EXPECT_EQ(judge(open, good().ends(Termination::Kind::signaled, SIGSEGV, false)).verdict,
            Verdict::crash);
}

TEST(Judge, JudgesLanesByTheirOwnThreads) {
  Case made;
  made.id = "run.thread";
  made.clauses = {"run.os-thread"};
  made.program.lanes = {{{Op::wait, "", "", "g"}}, {{Op::eval, "", "", "x"}}};
  Expectation emits;
  emits.emits = {{"{lane.thread}"}};
  made.expectations = {{std::nullopt}, {emits}};
  History history;
  history.events = {{Kind::lane, {0, 0}, 0, "10", {}},    {Kind::lane, {1, 0}, 0, "11", {}},
                    {Kind::called, {0, 0}, 0, "", {}},    {Kind::called, {1, 0}, 0, "", {}},
                    {Kind::emitted, {1, 0}, 0, "11", {}}, {Kind::returned, {1, 0}, 0, "", {}},
                    {Kind::returned, {0, 0}, 0, "", {}}};
  history.termination = {Termination::Kind::exited, 0, true, ""};
  EXPECT_EQ(judge(made, history).verdict, Verdict::pass);
  history.events[4].text = "10";
  EXPECT_EQ(judge(made, history).verdict, Verdict::fail);
}

TEST(Judge, IgnoresEventsOfUnknownSteps) {
  HistoryBuilder builder = good();
  builder.step(9, ids({"1"}));
  EXPECT_EQ(judge(subject(), builder.ends(Termination::Kind::exited)).verdict, Verdict::pass);
}

TEST(Judge, KeepsTheEndOfTheOutput) {
  History history = good().ends(Termination::Kind::signaled, SIGABRT, false);
  history.err = "first\n" + std::string(8000, 'x') + "\nFatal Python error\n";
  const CaseResult result = judge(subject(), history);
  EXPECT_LE(result.output_tail.size(), 4096U);
  EXPECT_THAT(result.output_tail, HasSubstr("Fatal Python error"));
  history.err.clear();
  for (int i = 0; i < 100; ++i)
    history.err += "line " + std::to_string(i) + "\n";
  EXPECT_THAT(judge(subject(), history).output_tail, testing::StartsWith("line 80\n"));
}

TEST(Judge, ReportsWhetherAHangWasBusy) {
  HistoryBuilder builder;
  builder.call({0, 0});
  History history = builder.ends(Termination::Kind::deadline, 0, false);
  EXPECT_THAT(judge(subject(), history).reason, testing::EndsWith("killed"));
  history.termination.cpu_microseconds = 9'900'000;
  history.termination.idle_microseconds = 10'000;
  EXPECT_THAT(judge(subject(), history).reason,
              HasSubstr("; it was busy to the end, with 9.90 s of processor time"));
  history.termination.cpu_microseconds = 20'000;
  history.termination.idle_microseconds = 9'900'000;
  EXPECT_THAT(judge(subject(), history).reason,
              HasSubstr("; it was idle for 9.9 s, with 0.02 s of processor time"));
}

TEST(Judge, NamesTheExceededLimit) {
  HistoryBuilder builder;
  builder.call({0, 0});
  History history = builder.ends(Termination::Kind::limit_exceeded, 0, false);
  for (const auto& [limit, words] :
       {std::pair("output", "1048576 bytes of output"), std::pair("memory", "4096 MiB of memory"),
        std::pair("processes", "256 processes"), std::pair("events", "64 MiB of events")}) {
    history.termination.limit = limit;
    const CaseResult result = judge(subject(), history);
    EXPECT_EQ(result.verdict, Verdict::limit_exceeded);
    EXPECT_THAT(result.reason, HasSubstr(words));
  }
}

} // namespace
} // namespace pep554
