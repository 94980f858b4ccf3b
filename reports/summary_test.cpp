#include "reports/summary.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "reports/tests/sample_run.h"

namespace pep554 {
namespace {

RunResult run_with(ClauseKind kind, Verdict verdict) {
  RunResult run;
  ClauseResult clause;
  clause.kind = kind;
  clause.verdict = verdict;
  run.clauses = {clause};
  return run;
}

TEST(SelfDescription, SaysWhatTheTargetSays) {
  RunResult run;
  EXPECT_EQ(self_description(run), "");
  run.target.facts = {{"version", "3.14.8"}, {"adapter", ""}, {"implementation", "cpython"}};
  EXPECT_EQ(self_description(run), "cpython 3.14.8");
  run.target.facts.push_back({"via", "process"});
  run.target.facts.push_back({"adapter", "concurrent"});
  EXPECT_EQ(self_description(run), "cpython 3.14.8, process, adapter concurrent");
}

TEST(Claim, ConformantIsWhatTheRunSays) {
  EXPECT_EQ(claim_of(conformant_run()), Claim::conformant);
}

TEST(Claim, AFailureOfADecidingClauseIsNotConformant) {
  EXPECT_EQ(claim_of(run_with(ClauseKind::stated, Verdict::hang)), Claim::not_conformant);
  EXPECT_EQ(claim_of(run_with(ClauseKind::implied, Verdict::leak)), Claim::not_conformant);
}

TEST(Claim, AMissingResultIsPartial) {
  EXPECT_EQ(claim_of(run_with(ClauseKind::stated, Verdict::not_run)), Claim::partial);
  EXPECT_EQ(claim_of(run_with(ClauseKind::stated, Verdict::blocked)), Claim::partial);
}

TEST(Claim, AnOpenClauseDecidesNothing) {
  EXPECT_EQ(claim_of(run_with(ClauseKind::open, Verdict::crash)), Claim::partial);
}

TEST(Claim, ASelectionIsPartialWhateverFailed) {
  auto run = run_with(ClauseKind::stated, Verdict::fail);
  run.filter = "destroy.*";
  EXPECT_EQ(claim_of(run), Claim::partial);
}

TEST(Claim, AShardIsPartialWhateverFailed) {
  auto run = run_with(ClauseKind::stated, Verdict::fail);
  run.shard = "1/2";
  EXPECT_EQ(claim_of(run), Claim::partial);
}

TEST(Selection, IsDescribed) {
  RunResult run;
  EXPECT_EQ(selection_of(run), "");
  run.shard = "2/4";
  EXPECT_EQ(selection_of(run), "shard 2/4");
  run.filter = "run.*";
  EXPECT_EQ(selection_of(run), "run.*, shard 2/4");
}

TEST(Claim, NoRunAtAllIsPartial) {
  EXPECT_EQ(claim_of(RunResult()), Claim::partial);
}

TEST(Missing, ResultsAreNeitherPassesNorFailures) {
  for (const auto verdict : all_verdicts) {
    const bool good = verdict == Verdict::pass || verdict == Verdict::observed;
    EXPECT_EQ(int{good} + int{is_failure(verdict)} + int{is_missing(verdict)}, 1)
        << to_string(verdict);
  }
}

TEST(ClauseCounts, HaveEveryKind) {
  const auto counts = clause_counts(RunResult());
  EXPECT_EQ(counts.size(), clause_kinds.size());
  EXPECT_EQ(total(counts.find(ClauseKind::open)->second), 0U);
}

TEST(TableOf, IsThePartBeforeTheFirstDot) {
  EXPECT_EQ(table_of("destroy.a.b"), "destroy");
  EXPECT_EQ(table_of("destroy"), "destroy");
}

TEST(Claim, ALeakAloneIsNotSound) {
  auto run = conformant_run();
  run.sound = false;
  EXPECT_EQ(claim_of(run), Claim::not_sound);
}

// The heaviest first: what a sentence says, what follows, soundness, open questions, what is
// missing.
TEST(NotPassed, IsOrderedByWeight) {
  RunResult run;
  for (const ClauseKind kind : clause_kinds) {
    run.clauses.emplace_back().id = fmt::format("c.{}", to_string(kind));
    run.clauses.back().kind = kind;
  }
  const auto add = [&run](std::string id, Verdict verdict, std::vector<std::string> clauses) {
    CaseResult one;
    one.id = std::move(id);
    one.verdict = verdict;
    one.clauses = std::move(clauses);
    run.cases.push_back(std::move(one));
  };
  add("a", Verdict::not_run, {"c.stated"});
  add("b", Verdict::fail, {"c.open"});
  add("c", Verdict::leak, {"c.open"});
  add("d", Verdict::crash, {"c.open", "c.implied"});
  add("e", Verdict::pass, {"c.stated"});
  add("f", Verdict::flaky, {"c.open", "c.implied", "c.stated"});
  std::string order;
  for (const CaseResult* one : not_passed(run))
    order += one->id;
  EXPECT_EQ(order, "fdcba");
  EXPECT_EQ(main_clause(run.cases[5], run), "c.implied") << "the first that decides";
  EXPECT_EQ(main_clause(run.cases[3], run), "c.implied");
  EXPECT_EQ(main_clause(run.cases[2], run), "c.open");
}

} // namespace
} // namespace pep554
