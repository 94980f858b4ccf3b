// Executions of a counterexample, by a host that answers as it was written down.
#include "harness/run/counterexample.h"

#include <stop_token>

#include <gtest/gtest.h>

#include "harness/run/testing/scripted_host.h"

namespace pep554 {
namespace {

using std::chrono::milliseconds;
using test::Says;

constexpr milliseconds whole{10'000};
constexpr milliseconds shorter{200};

class Executions : public testing::Test {
protected:
  Executions() {
    property_.name = "p";
    property_.sentence = "It holds.";
  }

  Counterexample found(const std::string& signature, properties::Check check) {
    property_.check = check;
    Counterexample one;
    one.signature = signature;
    one.property = &property_;
    one.check = check;
    one.deadline = shorter;
    one.scenario.actions.resize(2);
    one.scenario.actions[0].op = Op::create;
    one.scenario.actions[0].as = "a";
    one.scenario.actions[1].op = Op::destroy;
    one.scenario.actions[1].on = "a";
    return one;
  }

  // No time is left to make it smaller.
  void work_on(Counterexample& one, bool shrink, const std::vector<Says>& all) {
    const test::ScriptedHost host(all);
    Scheduler scheduler({host.command()});
    ASSERT_TRUE(scheduler.start());
    Minimizer minimizer(scheduler, clauses_, baseline_, whole, Minimizer::Clock::now());
    if (shrink)
      minimizer.shrink(one);
    minimizer.confirm(one);
  }

  properties::Property property_;
  std::vector<std::string> clauses_;
  Baseline baseline_;
};

TEST_F(Executions, AnIdleHangIsShrunkWithShorterDeadlines) {
  Counterexample one = found("hang", properties::Check::answers);
  work_on(one, false, {Says::busy, Says::busy, Says::pass, Says::busy, Says::stuck});
  EXPECT_EQ(one.reproduced, 4U);
  EXPECT_EQ(one.executions, 5U);
  EXPECT_EQ(one.limit, whole);
  EXPECT_NE(one.result.reason.find("deadline of 10000 ms"), std::string::npos);
}

TEST_F(Executions, ASlowProgramIsNoHang) {
  Counterexample one = found("hang", properties::Check::answers);
  work_on(one, false, {Says::pass, Says::busy, Says::busy, Says::busy, Says::busy});
  EXPECT_EQ(one.reproduced, 0U);
}

// Of a second execution that ended: whether it explains why the first one timed out.
TEST(WasSlow, WhenItTakesAsLongAgain) {
  const auto execution = [](Termination::Kind kind, milliseconds took, milliseconds idle) {
    History history;
    history.termination.kind = kind;
    history.termination.idle_microseconds = std::chrono::microseconds(idle).count();
    history.microseconds = std::chrono::microseconds(took).count();
    return JudgedHistories{{}, {history}, milliseconds(2000)};
  };
  const JudgedHistories busy = execution(Termination::Kind::deadline, milliseconds(2000), {});
  const JudgedHistories slow = execution(Termination::Kind::exited, milliseconds(2500), {});
  EXPECT_TRUE(was_slow(busy, slow));
  EXPECT_FALSE(was_slow(busy, execution(Termination::Kind::exited, milliseconds(20), {})))
      << "a loop that comes and goes is no slow program";
  EXPECT_FALSE(was_slow(
      execution(Termination::Kind::deadline, milliseconds(2000), milliseconds(1900)), slow));
}

TEST_F(Executions, AnIntermittentHangKeepsItsDeadline) {
  Counterexample one = found("hang", properties::Check::answers);
  work_on(one, false, {Says::pass, Says::stuck, Says::busy, Says::pass, Says::stuck});
  EXPECT_EQ(one.reproduced, 2U);
  EXPECT_EQ(one.limit, shorter);
  EXPECT_NE(one.result.reason.find("deadline of 200 ms"), std::string::npos);
}

TEST_F(Executions, ALeakOfChangingStepsHasNoStep) {
  constexpr auto create = Says::leaks_in_create;
  constexpr auto destroy = Says::leaks_in_destroy;
  const std::vector<Says> alone(2, Says::pass); // as one program, and closed
  std::vector<Says> all = alone;
  for (const Says one : {create, destroy, create, create, destroy, // as it was found
                         create, destroy, create, destroy, destroy})
    all.push_back(one);
  Counterexample one = found("leak memory create", properties::Check::leaves_nothing);
  one.result.verdict = Verdict::leak;
  work_on(one, true, all);
  EXPECT_EQ(one.signature, "leak memory");
  EXPECT_EQ(one.reproduced, 5U);
}

TEST_F(Executions, ALeakOfOneStepHasThatStep) {
  std::vector<Says> all(2, Says::pass);
  all.resize(2 + 2 + 5, Says::leaks_in_create);
  Counterexample one = found("leak memory", properties::Check::leaves_nothing);
  one.result.verdict = Verdict::leak;
  work_on(one, true, all);
  EXPECT_EQ(one.signature, "leak memory create");
  EXPECT_EQ(one.reproduced, 5U);
}

TEST_F(Executions, AnInterruptedFailureIsReportedAsObserved) {
  const test::ScriptedHost host({});
  Scheduler scheduler({host.command()});
  std::stop_source stop;
  ASSERT_TRUE(scheduler.start(stop.get_token()));
  Counterexample one = found("crash", properties::Check::answers);
  History history;
  history.termination.kind = Termination::Kind::signaled;
  const Example example(property_, one.scenario, clauses_);
  keep(one, example.cases(), judged(example.cases(), {history}, shorter, baseline_));
  stop.request_stop();
  Minimizer minimizer(scheduler, clauses_, baseline_, whole, Minimizer::Clock::time_point::max());
  minimizer.shrink(one);
  minimizer.confirm(one);
  EXPECT_EQ(one.executions, 0U);
  EXPECT_EQ(one.histories, std::vector<History>{history});
  EXPECT_EQ(one.result.verdict, Verdict::crash);
}

// A failure that was never reproduced is reported with its first observation.
TEST_F(Executions, TheLastReproducingExecutionIsKept) {
  Counterexample one = found("hang", properties::Check::answers);
  work_on(one, true,
          {Says::stuck, Says::pass, Says::pass, Says::pass, Says::pass, Says::pass, Says::pass,
           Says::pass, Says::pass, Says::pass});
  EXPECT_EQ(one.reproduced, 0U);
  EXPECT_EQ(one.executions, 5U);
  EXPECT_EQ(one.seen, 2U);
  ASSERT_EQ(one.histories.size(), 1U);
  EXPECT_EQ(one.histories[0].termination.kind, Termination::Kind::deadline);
  EXPECT_EQ(one.result.verdict, Verdict::hang);
}

} // namespace
} // namespace pep554
