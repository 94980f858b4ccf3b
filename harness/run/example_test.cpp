#include "harness/run/example.h"

#include <gtest/gtest.h>

#include "cases/table_writer.h"
#include "cases/tables.h"

namespace pep554 {
namespace {

using properties::Check;
using properties::Property;
using properties::Scenario;

Property property(Check check) {
  Property made;
  made.name = "p";
  made.clauses = {"x.stated"};
  made.check = check;
  return made;
}

properties::Action action(Op op, const std::string& on, const std::string& as = "") {
  properties::Action made;
  made.op = op;
  made.on = on;
  made.as = as;
  return made;
}

Scenario two_interpreters() {
  Scenario made;
  made.actions = {action(Op::create, "", "a"), action(Op::create, "", "b"), action(Op::run, "a"),
                  action(Op::run, "b")};
  return made;
}

TEST(Example, HasTheProgramsOfItsCheck) {
  const auto cases = [](Check check) {
    return Example(property(check), two_interpreters(), {"y.stated"}).cases();
  };
  EXPECT_EQ(cases(Check::answers).size(), 1U);
  EXPECT_EQ(cases(Check::answers)[0].clauses, (std::vector<std::string>{"y.stated", "x.stated"}));
  ASSERT_EQ(cases(Check::same_again).size(), 2U);
  EXPECT_EQ(cases(Check::same_again)[0].program, cases(Check::same_again)[1].program);
  ASSERT_EQ(cases(Check::in_any_order).size(), 2U);
  EXPECT_EQ(cases(Check::in_any_order)[1].program.lanes[0][2].on, "b");
  ASSERT_EQ(cases(Check::leaves_nothing).size(), 1U);
  EXPECT_EQ(cases(Check::leaves_nothing)[0].program.repeat, 40U);
  EXPECT_EQ(cases(Check::leaves_nothing)[0].program.lanes[0].size(), 6U);
}

TEST(Example, HasNoProgramWithoutASubject) {
  Scenario one;
  one.actions = {action(Op::create, "", "a")};
  EXPECT_TRUE(Example(property(Check::in_any_order), one, {}).cases().empty());
}

// Every step is answered, the last one as given.
History answers(const Case& subject, Status last) {
  History history;
  const size_t count = subject.program.lanes[0].size();
  for (size_t i = 0; i < count; ++i) {
    Event event;
    event.at = {0, i};
    history.events.push_back(event);
    event.kind = Event::Kind::returned;
    const Step& step = subject.program.lanes[0][i];
    if (step.op == Op::create)
      event.answer.ids = {std::to_string(i + 1)};
    if (i + 1 == count) {
      event.answer.status = last;
      event.answer.raised.type = last == Status::raised ? "E" : "";
    }
    history.events.push_back(event);
  }
  history.termination.kind = Termination::Kind::exited;
  history.termination.completed = true;
  return history;
}

TEST(Failures, OfTwoProgramsAreTheirDifferences) {
  Scenario leaves = two_interpreters();
  leaves.actions[2].code = {{properties::SnippetKind::leave}};
  leaves.actions[3].code = {
      {properties::SnippetKind::leave}}; // which is open, for one program by itself
  const Example again(property(Check::same_again), leaves, {});
  const History well = answers(again.cases()[0], Status::ok);
  const History other = answers(again.cases()[1], Status::raised);
  EXPECT_FALSE(failure_of(again.cases(), {well, well}, {}));
  const auto failure = failure_of(again.cases(), {well, other}, {});
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->signature, "flaky run");
  EXPECT_EQ(failure->result.verdict, Verdict::flaky);
  const Example order(property(Check::in_any_order), leaves, {});
  const auto failed = failure_of(
      order.cases(),
      {answers(order.cases()[0], Status::ok), answers(order.cases()[1], Status::raised)}, {});
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->signature, "fail run in another order");
}

// A missing result is neither a pass nor a failure, and is not compared.
TEST(Failures, DoNotIncludeMissingResults) {
  const Example again(property(Check::same_again), two_interpreters(), {});
  const History well = answers(again.cases()[0], Status::ok);
  History unsupported = answers(again.cases()[1], Status::unsupported);
  EXPECT_TRUE(judgement_of(again.cases(), {well, well}, {}).is_obtained());
  const Judgement missing = judgement_of(again.cases(), {well, unsupported}, {});
  EXPECT_EQ(missing.verdict, Verdict::unsupported);
  EXPECT_NE(missing.reason, "");
  EXPECT_FALSE(missing.is_obtained());
  EXPECT_FALSE(missing.failure);
  EXPECT_EQ(
      judgement_of(again.cases(), {answers(again.cases()[0], Status::failed), well}, {}).verdict,
      Verdict::blocked);
  History never;
  never.termination.note = "no host";
  EXPECT_EQ(judgement_of(again.cases(), {well, never}, {}).verdict, Verdict::not_run);
  unsupported.termination.kind = Termination::Kind::signaled;
  EXPECT_TRUE(judgement_of(again.cases(), {never, unsupported}, {}).failure); // the second's
}

TEST(Failures, OfALaterRepetitionNameItsOperation) {
  const Example example(property(Check::leaves_nothing), two_interpreters(), {});
  History history = answers(example.cases()[0], Status::ok);
  EXPECT_FALSE(failure_of(example.cases(), {history}, {}));
  Event event;
  event.at = {0, 5};
  history.events.push_back(event);
  event.kind = Event::Kind::returned;
  event.answer.status = Status::raised;
  history.events.push_back(event);
  const auto failure = failure_of(example.cases(), {history}, {});
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->signature, "fail destroy");
}

TEST(Shape, IgnoresNames) {
  const auto program = [](const char* a, const char* b, const char* used) {
    Program made;
    made.lanes = {{{Op::create, "", a, ""}, {Op::create, "", b, ""}, {Op::run, used, "", "x"}}};
    return made;
  };
  EXPECT_EQ(shape_of(program("a", "b", "a")), shape_of(program("c", "a", "c")));
  EXPECT_NE(shape_of(program("a", "b", "a")), shape_of(program("a", "b", "b")));
}

} // namespace
} // namespace pep554
