#include "harness/engine/check.h"

#include <gtest/gtest.h>

namespace pep554 {
namespace {

const Handles handles{{"main", "0"}, {"a", "1"}, {"b", "2"}};

Observation listed(std::vector<std::string> ids) {
  Observation seen;
  seen.answer.ids = std::move(ids);
  return seen;
}

Observation raised(const std::string& category) {
  Observation seen;
  seen.answer.status = Status::raised;
  seen.answer.raised = {category, "RuntimeError", "no"};
  return seen;
}

bool agrees(const Expectation& expectation, const Observation& seen) {
  return !disagreement(expectation, seen, handles);
}

TEST(Check, Outcomes) {
  Expectation ok;
  EXPECT_TRUE(agrees(ok, listed({})));
  EXPECT_FALSE(agrees(ok, raised("busy")));
  Expectation raises;
  raises.outcome = Expectation::Outcome::raises;
  EXPECT_TRUE(agrees(raises, raised("busy")));
  EXPECT_FALSE(agrees(raises, listed({})));
  raises.category = "not-found";
  EXPECT_FALSE(agrees(raises, raised("busy")));
  EXPECT_TRUE(agrees(raises, raised("not-found")));
  Expectation any;
  any.outcome = Expectation::Outcome::any;
  EXPECT_TRUE(agrees(any, listed({})));
  EXPECT_TRUE(agrees(any, raised("busy")));
}

TEST(Check, OnlyRaisedCountsAsRaising) {
  Expectation raises;
  raises.outcome = Expectation::Outcome::raises;
  Observation seen;
  for (const Status status : {Status::unsupported, Status::failed}) {
    seen.answer.status = status;
    EXPECT_FALSE(agrees(raises, seen));
  }
}

TEST(Check, Lists) {
  Expectation exactly;
  exactly.exactly = std::vector<std::string>{"main", "a"};
  EXPECT_TRUE(agrees(exactly, listed({"1", "0"})));
  EXPECT_FALSE(agrees(exactly, listed({"0"})));
  EXPECT_FALSE(agrees(exactly, listed({"0", "1", "2"})));
  EXPECT_FALSE(agrees(exactly, listed({"0", "1", "1"})));
  Expectation contains;
  contains.contains = {"a"};
  EXPECT_TRUE(agrees(contains, listed({"7", "1"})));
  EXPECT_FALSE(agrees(contains, listed({"7"})));
  EXPECT_FALSE(agrees(contains, listed({"1", "1"})));
  Expectation excludes;
  excludes.excludes = {"b"};
  EXPECT_TRUE(agrees(excludes, listed({"0"})));
  EXPECT_FALSE(agrees(excludes, listed({"2"})));
}

TEST(Check, AnEmptyExactListAllowsNoInterpreter) {
  Expectation none;
  none.exactly = std::vector<std::string>{};
  EXPECT_TRUE(agrees(none, listed({})));
  EXPECT_FALSE(agrees(none, listed({"0"})));
}

TEST(Check, Identities) {
  Expectation same;
  same.same = "a";
  EXPECT_TRUE(agrees(same, listed({"1"})));
  EXPECT_FALSE(agrees(same, listed({"2"})));
  EXPECT_FALSE(agrees(same, listed({}))) << "an answer without an interpreter is not the same one";
  Observation id;
  id.answer.text = "1";
  EXPECT_TRUE(agrees(same, id));
  id.answer.text = "01";
  EXPECT_FALSE(agrees(same, id));
  Expectation differs;
  differs.differs = {"main", "b"};
  EXPECT_TRUE(agrees(differs, listed({"1"})));
  EXPECT_FALSE(agrees(differs, listed({"2"})));
}

TEST(Check, Truths) {
  Expectation yes;
  yes.truth = true;
  Observation seen;
  EXPECT_FALSE(agrees(yes, seen)) << "no truth was answered";
  seen.answer.truth = true;
  EXPECT_TRUE(agrees(yes, seen));
  seen.answer.truth = false;
  EXPECT_FALSE(agrees(yes, seen));
}

TEST(Check, Emissions) {
  Expectation emits;
  emits.emits = {{"{a.id}", "on {lane.thread}"}};
  Observation seen;
  seen.thread = "99";
  seen.emitted = {"1", "on 99"};
  EXPECT_TRUE(agrees(emits, seen));
  seen.emitted = {"on 99", "1"};
  EXPECT_FALSE(agrees(emits, seen));
  seen.emitted.clear();
  EXPECT_FALSE(agrees(emits, seen));
  emits.emits = std::vector<std::string>{};
  EXPECT_TRUE(agrees(emits, seen));
  Expectation during;
  during.during = {"bye"};
  EXPECT_FALSE(agrees(during, seen));
  seen.during = {"x", "bye"};
  EXPECT_TRUE(agrees(during, seen));
}

TEST(Describe, SaysWhatWasAnswered) {
  EXPECT_EQ(describe(listed({"0", "1", "9"}), handles), "main, a, id 9");
  EXPECT_EQ(describe(listed({}), handles), "answered");
  EXPECT_EQ(describe(raised("busy"), handles), "raised RuntimeError: no");
  Observation seen;
  seen.answer.truth = false;
  seen.emitted = {"x", "y"};
  EXPECT_EQ(describe(seen, handles), "False; emitted x, y");
  seen.emitted = {"17", "18"};
  seen.thread = "17";
  EXPECT_EQ(describe(seen, handles), "False; emitted {lane.thread}, 18");
  seen.emitted = {"<f at 0x7f0b4f4d7b00>", "0xff"};
  EXPECT_EQ(describe(seen, handles), "False; emitted <f at 0x...>, 0xff");
  seen.emitted = {"0x", "0x0x1234567x", "f0x123456", "0"};
  EXPECT_EQ(describe(seen, handles), "False; emitted 0x, 0x0x...x, f0x..., 0");
  seen.emitted = {"0x" + std::string(1'000'000, 'a')};
  EXPECT_EQ(describe(seen, handles), "False; emitted 0x...");
}

TEST(Describe, SaysWhatWasExpected) {
  Expectation one;
  EXPECT_EQ(describe(one), "answers");
  one.exactly = std::vector<std::string>{"main", "a"};
  one.excludes = {"b"};
  EXPECT_EQ(describe(one), "lists exactly main, a; does not list b");
  Expectation two;
  two.outcome = Expectation::Outcome::raises;
  two.emits = std::vector<std::string>{};
  EXPECT_EQ(describe(two), "raises; the code emits nothing");
  two.category = "busy";
  two.emits = {{"x"}};
  EXPECT_EQ(describe(two), "raises (busy); the code emits x");
  Expectation three;
  three.same = "a";
  three.differs = {"b", "main"};
  EXPECT_EQ(describe(three), "a; not b, not main");
  Expectation four;
  four.truth = true;
  four.contains = {"a"};
  four.during = {"bye"};
  EXPECT_EQ(describe(four), "True; lists a; bye emitted before it returns");
  four.outcome = Expectation::Outcome::any;
  EXPECT_EQ(describe(Expectation{Expectation::Outcome::any, {}, {}, {}, {}, {}, {}, {}, {}, {}}),
            "any answer, or an exception");
}

} // namespace
} // namespace pep554
