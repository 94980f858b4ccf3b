#include "harness/engine/attempts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pep554 {
namespace {

using testing::HasSubstr;

CaseAttempt attempt(const char* mode, Verdict verdict) {
  CaseAttempt made{mode, {}};
  made.result.verdict = verdict;
  if (verdict != Verdict::pass)
    made.result.reason = "why it is " + std::string(to_string(verdict));
  return made;
}

TEST(Attempts, ASingleAttemptIsTheResult) {
  const CaseResult result = aggregate_attempts({attempt("first", Verdict::pass)});
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_TRUE(result.attempts.empty());
}

TEST(Attempts, EqualAttemptsAreTheResult) {
  const CaseResult result =
      aggregate_attempts({attempt("first", Verdict::crash), attempt("alone", Verdict::crash),
                          attempt("fresh", Verdict::crash)});
  EXPECT_EQ(result.verdict, Verdict::crash);
  EXPECT_EQ(result.reason, "why it is crash");
  ASSERT_EQ(result.attempts.size(), 3U);
  EXPECT_EQ(result.attempts[2].mode, "fresh");
}

TEST(Attempts, DifferentVerdictsAreFlakyAndNeverAPass) {
  for (const Verdict last : {Verdict::pass, Verdict::fail}) {
    const CaseResult result = aggregate_attempts(
        {attempt("first", Verdict::fail), attempt("alone", Verdict::pass), attempt("fresh", last)});
    EXPECT_EQ(result.verdict, Verdict::flaky);
    EXPECT_THAT(result.reason, HasSubstr("of 3 attempts; fail: why it is fail"));
  }
}

TEST(Attempts, DifferentFailuresAreFlaky) {
  const CaseResult result =
      aggregate_attempts({attempt("first", Verdict::hang), attempt("alone", Verdict::crash)});
  EXPECT_EQ(result.verdict, Verdict::flaky);
  EXPECT_THAT(result.reason, HasSubstr("hang 1, crash 1 of 2 attempts"));
}

TEST(Attempts, AFreshRuntimeWinsOverForkedOnes) {
  const CaseResult result =
      aggregate_attempts({attempt("first", Verdict::crash), attempt("alone", Verdict::crash),
                          attempt("fresh", Verdict::pass)});
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_EQ(result.reason, "differs when forked: crash: why it is crash");
}

TEST(Attempts, EveryNonPassIsRetried) {
  for (const Verdict verdict : all_verdicts)
    EXPECT_EQ(needs_retry(verdict), verdict != Verdict::pass && verdict != Verdict::observed &&
                                        verdict != Verdict::unsupported)
        << to_string(verdict);
}

} // namespace
} // namespace pep554
