#include "harness/engine/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

namespace pep554 {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = Event::Kind;

Event event(Kind kind, StepRef at, std::string text = {}) {
  Event made;
  made.kind = kind;
  made.at = at;
  made.text = std::move(text);
  return made;
}

template <typename T>
T one_of(std::vector<T> values) {
  return *rc::gen::elementOf(std::move(values));
}

std::string any_text() {
  return *rc::gen::container<std::string>(rc::gen::inRange<char>(0, 127));
}

Answer any_answer() {
  Answer answer;
  answer.status = one_of<Status>({Status::ok, Status::raised, Status::unsupported, Status::failed});
  for (size_t count = *rc::gen::inRange<size_t>(0, 4); count > 0; --count)
    answer.ids.push_back(any_text());
  if (*rc::gen::arbitrary<bool>())
    answer.text = any_text();
  if (*rc::gen::arbitrary<bool>())
    answer.truth = *rc::gen::arbitrary<bool>();
  if (answer.status != Status::ok)
    answer.raised = {any_text(), any_text(), any_text()};
  return answer;
}

Event any_event() {
  Event made =
      event(one_of<Kind>({Kind::lane, Kind::called, Kind::emitted, Kind::returned, Kind::finalize,
                          Kind::finalized}),
            {*rc::gen::inRange<size_t>(0, 4), *rc::gen::inRange<size_t>(0, 9)}, any_text());
  made.microseconds = *rc::gen::arbitrary<std::int64_t>();
  if (made.kind == Kind::returned || made.kind == Kind::finalized)
    made.answer = any_answer();
  return made;
}

RC_GTEST_PROP(HistoryJson, ReadsBackWhatItWrote, ()) {
  History history;
  for (size_t count = *rc::gen::inRange<size_t>(0, 12); count > 0; --count)
    history.events.push_back(any_event());
  history.out = any_text();
  history.err = any_text();
  history.shortage = any_text();
  history.microseconds = *rc::gen::arbitrary<std::int64_t>();
  using TerminationKind = Termination::Kind;
  history.termination = {
      one_of<TerminationKind>({TerminationKind::exited, TerminationKind::signaled,
                               TerminationKind::deadline, TerminationKind::limit_exceeded,
                               TerminationKind::lost, TerminationKind::host_fault,
                               TerminationKind::not_run}),
      *rc::gen::arbitrary<int>(), *rc::gen::arbitrary<bool>(), any_text()};
  RC_ASSERT(history_from(nlohmann::json::parse(to_json(history).dump())) == history);
}

TEST(HistoryJson, RefusesWhatIsNoHistory) {
  using nlohmann::json;
  EXPECT_THROW(history_from(json::array()), json::exception);
  EXPECT_THROW(event_from(json{{"e", "exploded"}}), json::exception);
  EXPECT_THROW(event_from(json{{"e", "returned"}}), json::exception);
  EXPECT_THROW(termination_from(json{{"how", 3}}), json::exception);
}

TEST(HistoryJson, RefusesNumbersThatAreNotWholeOrDoNotFit) {
  using nlohmann::json;
  for (const char* number : {"1.5", "1e300", "-1", "\"1\"", "18446744073709551616", "null"})
    EXPECT_THROW(event_from(json::parse(std::string(R"({"e":"called","lane":)") + number + "}")),
                 json::exception)
        << number;
  EXPECT_THROW(termination_from(json::parse(R"({"how":"exited","code":4294967296})")),
               json::exception);
  EXPECT_EQ(termination_from(json::parse(R"({"how":"exited","code":-2})")).code, -2);
}

TEST(History, KnowsWhatEachStepDid) {
  History history;
  history.events = {event(Kind::lane, {0, 0}, "17"),     event(Kind::called, {0, 0}),
                    event(Kind::emitted, {0, 0}, "a"),   event(Kind::called, {1, 0}),
                    event(Kind::emitted, {1, 0}, "b"),   event(Kind::returned, {0, 0}),
                    event(Kind::emitted, {1, 0}, "c"),   event(Kind::called, {0, 1}),
                    event(Kind::emitted, {0, 0}, "late")};
  EXPECT_EQ(history.lane_thread(0), "17");
  EXPECT_THAT(history.lane_thread(1), IsEmpty());
  EXPECT_NE(history.returned({0, 0}), nullptr);
  EXPECT_EQ(history.returned({1, 0}), nullptr);
  EXPECT_TRUE(history.called({0, 1}));
  EXPECT_FALSE(history.called({0, 2}));
  EXPECT_THAT(history.emitted_by({0, 0}), ElementsAre("a", "late"));
  EXPECT_THAT(history.emitted_during({0, 0}), ElementsAre("a", "b"));
  EXPECT_THAT(history.emitted_during({1, 0}), ElementsAre("b", "c", "late"));
  EXPECT_THAT(history.emitted_during({0, 2}), IsEmpty());
}

} // namespace
} // namespace pep554
