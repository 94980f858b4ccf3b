#include "harness/run/difference.h"

#include <gtest/gtest.h>

namespace pep554 {
namespace {

Event answered(size_t step, Answer answer) {
  Event event;
  event.kind = Event::Kind::returned;
  event.at = {0, step};
  event.answer = std::move(answer);
  return event;
}

Event emitted(size_t step, const std::string& text) {
  Event event;
  event.kind = Event::Kind::emitted;
  event.at = {0, step};
  event.text = text;
  return event;
}

Answer raised(const char* type) {
  Answer answer;
  answer.status = Status::raised;
  answer.raised.type = type;
  return answer;
}

Case runs(const std::vector<std::string>& names) {
  Case one;
  one.program.lanes.emplace_back();
  for (const std::string& name : names)
    one.program.lanes[0].push_back({Op::run, name, "", "x = 1"});
  return one;
}

TEST(Difference, NoneForEqualAnswers) {
  History first;
  first.events = {answered(0, {}), answered(1, raised("E"))};
  History second;
  second.events = {answered(0, raised("E")), answered(1, {})};
  EXPECT_FALSE(difference(runs({"a", "b"}), first, runs({"b", "a"}), second));
  EXPECT_TRUE(difference(runs({"a", "b"}), first, runs({"a", "b"}), second));
}

TEST(Difference, IsTheFirstStep) {
  History first;
  first.events = {answered(0, {}), answered(1, {}), answered(2, {})};
  History second;
  second.events = {answered(0, {}), answered(1, raised("E")), answered(2, raised("F"))};
  const auto found = difference(runs({"c", "b", "a"}), first, runs({"c", "b", "a"}), second);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->step, "b.run('x = 1')");
  EXPECT_EQ(found->operation, "run");
  EXPECT_EQ(found->one, "answered");
  EXPECT_EQ(found->other, "raised E");
}

TEST(Difference, EmissionsCountButThreadIdsDoNot) {
  const auto with = [](const std::string& thread, const std::string& text) {
    History history;
    Event lane;
    lane.kind = Event::Kind::lane;
    lane.text = thread;
    history.events = {lane, emitted(0, text), answered(0, {})};
    return history;
  };
  const Case one = runs({"a"});
  EXPECT_FALSE(difference(one, with("7", "7"), one, with("8", "8")));
  EXPECT_TRUE(difference(one, with("7", "7"), one, with("8", "7")));
}

Answer with(std::vector<std::string> ids) {
  Answer answer;
  answer.ids = std::move(ids);
  return answer;
}

// Created, listed, destroyed, and replaced by another one.
Case lists() {
  Case one;
  one.program.lanes = {{{Op::get_main, "", "main", ""},
                        {Op::create, "", "a", ""},
                        {Op::read_id, "a", "", ""},
                        {Op::enumerate, "", "", ""},
                        {Op::destroy, "a", "", ""},
                        {Op::create, "", "b", ""},
                        {Op::enumerate, "", "", ""}}};
  return one;
}

History listed(const std::string& main, const std::string& a, const std::string& b) {
  Answer text;
  text.text = a;
  History history;
  history.events = {answered(0, with({main})),    answered(1, with({a})), answered(2, text),
                    answered(3, with({main, a})), answered(4, {}),        answered(5, with({b})),
                    answered(6, with({b, main}))};
  return history;
}

TEST(Difference, IdsAndTheOrderOfListsMayDiffer) {
  const Case one = lists();
  History other = listed("0", "7f3a", "7f3a"); // the id comes back
  std::ranges::reverse(other.events[3].answer.ids);
  EXPECT_FALSE(difference(one, listed("0", "1", "2"), one, other));
}

TEST(Difference, TheInterpretersInAnAnswerCount) {
  const Case one = lists();
  const History first = listed("0", "1", "2");
  History other = listed("0", "1", "2");
  other.events[6].answer = with({"1", "0"});
  const auto found = difference(one, first, one, other);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->one, "answered b, main");
  EXPECT_EQ(found->other, "answered a, main");
  other = first;
  other.events[3].answer = with({"0"});
  EXPECT_TRUE(difference(one, first, one, other));
  other = first;
  other.events[2].answer.text = "0";
  EXPECT_TRUE(difference(one, first, one, other));
}

TEST(Difference, AMissingAnswerIsADifference) {
  History first;
  first.events = {answered(0, {})};
  const auto found = difference(runs({"a"}), first, runs({"a"}), {});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->other, "had no answer");
}

} // namespace
} // namespace pep554
