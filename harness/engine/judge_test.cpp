// The judge on histories made by hand: each verdict, and what decides when several things are
// wrong.
#include "harness/engine/judge.h"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/engine/testing/story.h"

namespace pep554 {
namespace {

using test::failed;
using test::good;
using test::ids;
using test::Story;
using test::subject;
using testing::HasSubstr;
using State = StepResult::State;
using Kind = Event::Kind;

TEST(Judge, PassesWhatAgrees) {
  const CaseResult result = judge(subject(), good().ends(Ending::How::exited));
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_EQ(result.reason, "");
  ASSERT_EQ(result.steps.size(), 3U);
  EXPECT_EQ(result.steps[0].state, State::prepared);
  EXPECT_EQ(result.steps[2].state, State::agreed);
  EXPECT_EQ(result.steps[2].got, "id 0");
}

TEST(Judge, FailsWhatDisagrees) {
  Story story;
  story.step(0, ids({"1"})).step(1, {}).step(2, ids({"0", "1"}));
  const CaseResult result = judge(subject(), story.ends(Ending::How::exited));
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.reason, "interpreters.enumerate(): expected: does not list a; got: id 0, a");
  EXPECT_EQ(result.steps[2].state, State::disagreed);
}

TEST(Judge, BlocksWhenAPreparationRaises) {
  Story story;
  story.step(0, failed(Status::raised)).step(1, {}).step(2, ids({"0"}));
  const CaseResult result = judge(subject(), story.ends(Ending::How::exited));
  EXPECT_EQ(result.verdict, Verdict::blocked);
  EXPECT_THAT(result.reason, HasSubstr("a = interpreters.create() prepares the case, but raised"));
}

TEST(Judge, TellsUnsupportedAndAPluginsFailure) {
  Story unsupported;
  unsupported.step(0, ids({"1"})).step(1, failed(Status::unsupported));
  EXPECT_EQ(judge(subject(), unsupported.ends(Ending::How::exited)).verdict, Verdict::unsupported);
  Story plugin;
  plugin.step(0, ids({"1"})).step(1, failed(Status::failed));
  EXPECT_EQ(judge(subject(), plugin.ends(Ending::How::exited)).verdict, Verdict::blocked);
}

TEST(Judge, AnImplementationMaySayThatItDoesNotSupport) {
  Answer refused = failed(Status::raised);
  refused.raised.category = "unsupported";
  Story story;
  story.step(0, ids({"1"})).step(1, refused);
  EXPECT_EQ(judge(subject(), story.ends(Ending::How::exited)).verdict, Verdict::unsupported);
}

TEST(Judge, BlamesTheCallThatHangsNotTheLaneThatWaitsForIt) {
  Case made = subject();
  made.program.lanes = {{{Op::wait, "", "", "g"}}, {{Op::destroy, "a", "", ""}}};
  made.expectations = {{std::nullopt}, {std::nullopt}};
  Story story;
  story.call({0, 0}).call({1, 0});
  EXPECT_THAT(judge(made, story.ends(Ending::How::deadline, 0, false)).reason,
              testing::StartsWith("a.destroy() had no answer"));
}

TEST(Judge, AsksTheModelAlsoWhereNothingIsExpected) {
  Case quiet = subject();
  quiet.expectations = {{std::nullopt, std::nullopt, std::nullopt}};
  Story story;
  story.step(0, ids({"1"})).step(1, {}).step(2, ids({"0", "1"}));
  const History history = story.ends(Ending::How::exited);
  EXPECT_EQ(judge(quiet, history).verdict, Verdict::fail) << "the model's clause is cited";
  quiet.clauses = {"run.code"};
  const CaseResult result = judge(quiet, history);
  EXPECT_EQ(result.verdict, Verdict::blocked) << "the model's clause is another one";
  EXPECT_THAT(result.reason, HasSubstr("destroy.removes"));
}

TEST(Judge, NamesTheCallThatHadNoAnswer) {
  Story story;
  story.step(0, ids({"1"})).call({0, 1});
  const CaseResult crash = judge(subject(), story.ends(Ending::How::signaled, SIGABRT, false));
  EXPECT_EQ(crash.verdict, Verdict::crash);
  EXPECT_EQ(crash.reason, "a.destroy() had no answer: the process was ended by SIGABRT");
  EXPECT_EQ(crash.steps[1].state, State::no_answer);
  EXPECT_EQ(crash.steps[2].state, State::not_reached);
  const CaseResult hang = judge(subject(), story.ends(Ending::How::deadline, 9, false));
  EXPECT_EQ(hang.verdict, Verdict::hang);
  EXPECT_THAT(hang.reason, HasSubstr("deadline of 10000 ms"));
  EXPECT_EQ(judge(subject(), story.ends(Ending::How::flooded, 9, false)).verdict, Verdict::flood);
  EXPECT_EQ(judge(subject(), story.ends(Ending::How::lost, 0, false)).verdict, Verdict::crash);
}

TEST(Judge, LeavingInTheMiddleIsACrashEvenWithStatusZero) {
  Story story;
  story.step(0, ids({"1"})).call({0, 1});
  const CaseResult result = judge(subject(), story.ends(Ending::How::exited, 0, false));
  EXPECT_EQ(result.verdict, Verdict::crash);
  EXPECT_THAT(result.reason, HasSubstr("left by itself with exit status 0"));
}

TEST(Judge, ACrashOutweighsAWrongAnswer) {
  Story story;
  story.step(0, ids({"1"})).step(1, {}).step(2, ids({"0", "1"}));
  EXPECT_EQ(judge(subject(), story.ends(Ending::How::signaled, SIGSEGV, false)).verdict,
            Verdict::crash);
}

TEST(Judge, TheFirstProblemDecides) {
  Story story;
  story.step(0, ids({"1"})).step(1, failed(Status::raised)).step(2, ids({"0", "1"}));
  EXPECT_EQ(judge(subject(), story.ends(Ending::How::exited)).verdict, Verdict::blocked);
}

TEST(Judge, TellsWhatBreaksAtExit) {
  const Case one = subject();
  const auto verdict = [&](Story story, Ending::How how, int code) {
    return judge(one, story.ends(how, code)).verdict;
  };
  Story leaving = good().add(Kind::finalize);
  EXPECT_EQ(verdict(leaving, Ending::How::signaled, SIGSEGV), Verdict::broken_at_exit);
  EXPECT_EQ(verdict(leaving, Ending::How::deadline, 9), Verdict::broken_at_exit);
  Story left = good().add(Kind::finalize).add(Kind::finalized);
  EXPECT_EQ(verdict(left, Ending::How::exited, 0), Verdict::pass);
  EXPECT_EQ(verdict(left, Ending::How::exited, 1), Verdict::broken_at_exit);
  Story refused = good().add(Kind::finalize).add(Kind::finalized, failed(Status::failed));
  EXPECT_EQ(verdict(refused, Ending::How::exited, 0), Verdict::broken_at_exit);
}

TEST(Judge, AWrongAnswerOutweighsABreakAtExit) {
  Story story;
  story.step(0, ids({"1"})).step(1, {}).step(2, ids({"0", "1"})).add(Kind::finalize);
  EXPECT_EQ(judge(subject(), story.ends(Ending::How::signaled, SIGSEGV)).verdict, Verdict::fail);
}

TEST(Judge, LeavingWhileFinalizingIsABreakEvenWithStatusZero) {
  const CaseResult result =
      judge(subject(), good().add(Kind::finalize).ends(Ending::How::exited, 0));
  EXPECT_EQ(result.verdict, Verdict::broken_at_exit);
  EXPECT_THAT(result.reason, HasSubstr("left before the runtime was finalized"));
}

TEST(Judge, WantsEvidenceForAPass) {
  Story story;
  story.step(0, ids({"1"})).step(1, {});
  const CaseResult result = judge(subject(), story.ends(Ending::How::exited));
  EXPECT_EQ(result.verdict, Verdict::blocked);
  EXPECT_THAT(result.reason, HasSubstr("no answer was recorded"));
}

TEST(Judge, AProgramThatCouldNotBeCarriedOutIsNoCrash) {
  Story story;
  story.call({0, 0}).answer({0, 0}, failed(Status::unsupported));
  EXPECT_EQ(judge(subject(), story.ends(Ending::How::exited, 0, false)).verdict,
            Verdict::unsupported);
}

TEST(Judge, ALaneThatWaitsInVainIsNoHangWhenAnotherFailed) {
  Case made = subject();
  made.program.lanes = {{{Op::create, "", "a", ""}}, {{Op::wait, "", "", "g"}}};
  made.expectations = {{std::nullopt}, {std::nullopt}};
  Story story;
  story.call({1, 0}).call({0, 0}).answer({0, 0}, failed(Status::raised));
  EXPECT_EQ(judge(made, story.ends(Ending::How::deadline, 0, false)).verdict, Verdict::blocked);
}

TEST(Judge, AnInterpreterWithoutAnObjectMayBeGone) {
  Case made = subject();
  made.clauses = {"enumerate.all"};
  made.program.lanes[0][0].as = "";
  made.program.lanes[0][1] = {Op::get_main, "", "main", ""};
  made.expectations = {{std::nullopt, std::nullopt, std::nullopt}};
  Story story;
  story.step(0, ids({"1"})).step(1, ids({"0"})).step(2, ids({"0"}));
  EXPECT_EQ(judge(made, story.ends(Ending::How::exited)).verdict, Verdict::pass);
}

// Whether ids come back is open, and so is a second destroy; that b is listed is not.
TEST(Judge, AnIdThatComesBackIsTheLaterInterpreters) {
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
  Story story;
  story.step(0, ids({"1"})).step(1, {}).step(2, ids({"1"})).step(3, {}).step(4, ids({"0", "1"}));
  const CaseResult result = judge(again, story.ends(Ending::How::exited));
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
}

TEST(Judge, CodeThatKeptTheModuleIsStillUsingIt) {
  Case made = subject();
  made.clauses = {"enumerate.all"};
  made.program.lanes[0] = {{Op::create, "", "a", ""},
                           {Op::eval, "", "", "m = interpreters"},
                           {Op::create, "", "b", ""},
                           {Op::eval, "", "", "m.enumerate()[1].destroy()"},
                           {Op::enumerate, "", "", ""}};
  made.expectations = {std::vector<std::optional<Expectation>>(5)};
  Story story;
  story.step(0, ids({"1"})).step(1, {}).step(2, ids({"2"})).step(3, {}).step(4, ids({"0", "2"}));
  EXPECT_EQ(judge(made, story.ends(Ending::How::exited)).verdict, Verdict::pass);
}

TEST(Judge, AHandleThatWasNeverBoundBlocks) {
  Case made = subject();
  made.program.lanes[0][0].as = "b";
  made.program.lanes[0][1] = {Op::get_main, "", "main", ""};
  Story story;
  story.step(0, ids({"1"})).step(1, ids({"0"})).step(2, ids({"0", "1"}));
  EXPECT_EQ(judge(made, story.ends(Ending::How::exited)).verdict, Verdict::blocked);
}

TEST(Judge, WhatWasNotRunIsNotAPass) {
  EXPECT_EQ(judge(subject(), History{}).verdict, Verdict::not_run);
}

TEST(Judge, ObservesAnOpenQuestion) {
  Case open = subject();
  open.open = true;
  Expectation any;
  any.outcome = Expectation::Outcome::any;
  open.expectations = {{std::nullopt, any, any}};
  Story story;
  story.step(0, ids({"1"})).step(1, failed(Status::raised)).step(2, ids({"0", "1"}));
  open.clauses = {"destroy.removes"};
  EXPECT_EQ(judge(open, story.ends(Ending::How::exited)).verdict, Verdict::observed)
      << "not even the model judges it";
  const CaseResult result = judge(open, good().ends(Ending::How::exited));
  EXPECT_EQ(result.verdict, Verdict::observed);
  EXPECT_EQ(result.steps[1].state, State::observed);
  EXPECT_EQ(judge(open, good().ends(Ending::How::signaled, SIGSEGV, false)).verdict,
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
  history.ending = {Ending::How::exited, 0, true, ""};
  EXPECT_EQ(judge(made, history).verdict, Verdict::pass);
  history.events[4].text = "10";
  EXPECT_EQ(judge(made, history).verdict, Verdict::fail);
}

TEST(Judge, ForgivesEventsOfStepsThatDoNotExist) {
  Story story = good();
  story.step(9, ids({"1"}));
  EXPECT_EQ(judge(subject(), story.ends(Ending::How::exited)).verdict, Verdict::pass);
}

TEST(Judge, KeepsTheEndOfTheOutput) {
  History history = good().ends(Ending::How::signaled, SIGABRT, false);
  history.err = "first\n" + std::string(8000, 'x') + "\nFatal Python error\n";
  const CaseResult result = judge(subject(), history);
  EXPECT_LE(result.output_tail.size(), 4096U);
  EXPECT_THAT(result.output_tail, HasSubstr("Fatal Python error"));
  history.err.clear();
  for (int i = 0; i < 100; ++i)
    history.err += "line " + std::to_string(i) + "\n";
  EXPECT_THAT(judge(subject(), history).output_tail, testing::StartsWith("line 80\n"));
}

TEST(Judge, SaysOfAHangWhetherItWasAtWork) {
  Story story;
  story.call({0, 0});
  History history = story.ends(Ending::How::deadline, 0, false);
  EXPECT_THAT(judge(subject(), history).reason, testing::EndsWith("killed"));
  history.ending.cpu_microseconds = 9'900'000;
  history.ending.idle_microseconds = 10'000;
  EXPECT_THAT(judge(subject(), history).reason,
              HasSubstr("; it was at work to the end, and had computed for 9.90 s"));
  history.ending.cpu_microseconds = 20'000;
  history.ending.idle_microseconds = 9'900'000;
  EXPECT_THAT(judge(subject(), history).reason,
              HasSubstr("; it had done nothing for 9.9 s, and computed for 0.02 s"));
}

TEST(Judge, NamesTheLimitOfAFlood) {
  Story story;
  story.call({0, 0});
  History history = story.ends(Ending::How::flooded, 0, false);
  for (const auto& [limit, words] :
       {std::pair("output", "1048576 bytes of output"), std::pair("memory", "4096 MiB of memory"),
        std::pair("processes", "256 processes"), std::pair("events", "64 MiB of events")}) {
    history.ending.limit = limit;
    const CaseResult result = judge(subject(), history);
    EXPECT_EQ(result.verdict, Verdict::flood);
    EXPECT_THAT(result.reason, HasSubstr(words));
  }
}

} // namespace
} // namespace pep554
