#include "harness/engine/assess.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pep554 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

ClauseSet clauses() {
  ClauseSet set;
  set.clauses = {{"a.stated", ClauseKind::stated, "q", "s", "", {}, {}},
                 {"a.implied", ClauseKind::implied, "", "s", "r", {"a.stated"}, {}},
                 {"a.open", ClauseKind::open, "", "s?", "", {}, {}}};
  return set;
}

CaseResult result(std::string id, std::vector<std::string> cited, Verdict verdict) {
  CaseResult made;
  made.id = std::move(id);
  made.clauses = std::move(cited);
  made.verdict = verdict;
  return made;
}

RunResult run(std::vector<CaseResult> cases) {
  RunResult made;
  made.target.name = "T";
  made.cases = std::move(cases);
  assess(made, clauses());
  return made;
}

TEST(Assess, ConformantWhenEveryGatingClausePassed) {
  const RunResult made = run({result("y", {"a.implied", "a.open"}, Verdict::pass),
                              result("x", {"a.stated"}, Verdict::pass)});
  EXPECT_TRUE(made.conformant);
  EXPECT_THAT(made.claim, HasSubstr("is conformant"));
  EXPECT_EQ(made.cases[0].id, "x") << "sorted";
  EXPECT_EQ(made.clauses[1].verdict, Verdict::pass);
  EXPECT_EQ(made.clauses[2].verdict, Verdict::observed) << "an open clause is never passed";
  EXPECT_THAT(made.clauses[1].cases, ElementsAre("y"));
  EXPECT_EQ(made.clauses[1].kind, ClauseKind::implied);
}

TEST(Assess, AClauseWithoutACaseIsNotAPass) {
  const RunResult made = run({result("x", {"a.stated"}, Verdict::pass)});
  EXPECT_FALSE(made.conformant);
  EXPECT_EQ(made.clauses[1].verdict, Verdict::not_run);
  EXPECT_THAT(made.claim, HasSubstr("has not been shown to be conformant"));
  EXPECT_THAT(made.claim, HasSubstr("1 of 2 stated and implied clauses passed"));
}

TEST(Assess, NoResultIsNotAPass) {
  for (const Verdict verdict : {Verdict::blocked, Verdict::unsupported, Verdict::not_run,
                                Verdict::observed, Verdict::flaky}) {
    const RunResult made = run({result("x", {"a.stated", "a.implied"}, verdict)});
    EXPECT_FALSE(made.conformant) << to_string(verdict);
  }
}

TEST(Assess, AClauseGetsTheWorstVerdict) {
  const RunResult made =
      run({result("x", {"a.stated"}, Verdict::pass), result("y", {"a.stated"}, Verdict::crash),
           result("z", {"a.stated"}, Verdict::fail)});
  EXPECT_EQ(made.clauses[0].verdict, Verdict::crash);
  EXPECT_THAT(made.claim, HasSubstr("is not conformant"));
  EXPECT_THAT(made.clauses[0].cases, ElementsAre("x", "y", "z"));
}

TEST(Assess, AFilteredRunMakesNoClaim) {
  RunResult made;
  made.target.name = "T";
  made.filter = "x*";
  made.cases = {result("x", {"a.stated", "a.implied"}, Verdict::pass)};
  assess(made, clauses());
  EXPECT_FALSE(made.conformant);
  EXPECT_THAT(made.claim, StartsWith("No claim"));
}

TEST(Assess, AShardMakesNoClaim) {
  RunResult made;
  made.target.name = "T";
  made.shard = "2/4";
  made.cases = {result("x", {"a.stated", "a.implied"}, Verdict::pass)};
  assess(made, clauses());
  EXPECT_FALSE(made.conformant);
  EXPECT_EQ(made.claim,
            "No claim about conformance: only shard 2/4 of the cases was run against T.");
  made.filter = "x*";
  assess(made, clauses());
  EXPECT_EQ(made.claim, "No claim about conformance: only shard 2/4 of the cases that match x* was "
                        "run against T.");
}

TEST(Assess, ARunWithoutSomeOfItsCasesMakesNoClaim) {
  RunResult made;
  made.target.name = "T";
  made.unreached = 1;
  made.cases = {result("x", {"a.stated", "a.implied"}, Verdict::pass),
                result("y", {"a.open"}, Verdict::not_run)};
  assess(made, clauses());
  EXPECT_FALSE(made.conformant);
  EXPECT_EQ(made.claim, "No claim: only 1 of 2 cases were run against T.");
}

TEST(Assess, AnUnsupportedTargetGetsNoClaim) {
  RunResult made;
  made.target.name = "T";
  made.target.unsupported_reason = "Python 9 has no subinterpreters";
  made.cases = {result("x", {"a.stated", "a.implied"}, Verdict::unsupported)};
  assess(made, clauses());
  EXPECT_FALSE(made.conformant);
  EXPECT_EQ(made.claim, "No claim: T has nothing to judge: Python 9 has no subinterpreters.");
}

TEST(Assess, AnEmptyRunMakesNoClaim) {
  EXPECT_FALSE(run({}).conformant);
  EXPECT_THAT(run({}).claim, StartsWith("No claim"));
}

TEST(RunResult, CountsItsVerdicts) {
  const RunResult made = run({result("x", {}, Verdict::pass), result("y", {}, Verdict::pass),
                              result("z", {}, Verdict::hang)});
  EXPECT_EQ(made.counts(), (std::map<Verdict, size_t>{{Verdict::pass, 2}, {Verdict::hang, 1}}));
}

TEST(Assess, ALeakOfAnOpenQuestionIsUnsound) {
  CaseResult leak = result("z", {"a.open"}, Verdict::leak);
  leak.reason = "1.9 MiB leaked";
  std::vector<CaseResult> cases{result("x", {"a.stated", "a.implied"}, Verdict::pass), leak};
  RunResult made = run(cases);
  EXPECT_TRUE(made.conformant);
  EXPECT_FALSE(made.sound);
  EXPECT_THAT(made.claim, HasSubstr("is conformant"));
  EXPECT_THAT(made.claim, HasSubstr("passed. Not sound: 1 leak (z: 1.9 MiB leaked)."));
  cases.push_back(result("za", {"a.open"}, Verdict::flaky));
  cases.push_back(result("zb", {"a.open"}, Verdict::flaky));
  EXPECT_THAT(run(cases).claim, HasSubstr("); 2 flaky results (e.g. za: )."));
  cases.resize(1);
  EXPECT_TRUE(run(cases).sound);
}

} // namespace
} // namespace pep554
