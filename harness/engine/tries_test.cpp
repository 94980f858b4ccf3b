#include "harness/engine/tries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pep554 {
namespace {

using testing::HasSubstr;

Attempt attempt(const char* way, Verdict verdict) {
  Attempt made{way, {}};
  made.result.verdict = verdict;
  if (verdict != Verdict::pass)
    made.result.reason = "why it is " + std::string(to_string(verdict));
  return made;
}

TEST(Tries, OneIsBelievedAsItIs) {
  const CaseResult result = believe({attempt("first", Verdict::pass)});
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_TRUE(result.tries.empty());
}

TEST(Tries, ThatAgreeAreBelieved) {
  const CaseResult result =
      believe({attempt("first", Verdict::crash), attempt("alone", Verdict::crash),
               attempt("fresh", Verdict::crash)});
  EXPECT_EQ(result.verdict, Verdict::crash);
  EXPECT_EQ(result.reason, "why it is crash");
  ASSERT_EQ(result.tries.size(), 3U);
  EXPECT_EQ(result.tries[2].way, "fresh");
}

TEST(Tries, ThatDifferAreFlakyAndNeverAPass) {
  for (const Verdict last : {Verdict::pass, Verdict::fail}) {
    const CaseResult result = believe(
        {attempt("first", Verdict::fail), attempt("alone", Verdict::pass), attempt("fresh", last)});
    EXPECT_EQ(result.verdict, Verdict::flaky);
    EXPECT_THAT(result.reason, HasSubstr("of 3 tries; fail: why it is fail"));
  }
}

TEST(Tries, ThatDifferInHowTheyFailAreFlakyToo) {
  const CaseResult result =
      believe({attempt("first", Verdict::hang), attempt("alone", Verdict::crash)});
  EXPECT_EQ(result.verdict, Verdict::flaky);
  EXPECT_THAT(result.reason, HasSubstr("hang 1, crash 1 of 2 tries"));
}

TEST(Tries, OfAFreshProcessAgainstForkedOnesIsBelieved) {
  const CaseResult result =
      believe({attempt("first", Verdict::crash), attempt("alone", Verdict::crash),
               attempt("fresh", Verdict::pass)});
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_EQ(result.reason, "in forked processes it was otherwise: crash: why it is crash");
}

TEST(Tries, AreMadeOfAllButAPassAnObservationAndALack) {
  for (const Verdict verdict : all_verdicts)
    EXPECT_EQ(needs_another_try(verdict), verdict != Verdict::pass &&
                                              verdict != Verdict::observed &&
                                              verdict != Verdict::unsupported)
        << to_string(verdict);
}

} // namespace
} // namespace pep554
