#include "harness/engine/verdict.h"

#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace pep554 {
namespace {

Verdict any_verdict() {
  return *rc::gen::elementOf(std::vector<Verdict>(all_verdicts.begin(), all_verdicts.end()));
}

TEST(Verdict, NamesAreDistinctAndReadBack) {
  std::set<std::string_view> names;
  for (const Verdict verdict : all_verdicts) {
    EXPECT_EQ(verdict_from(to_string(verdict)), verdict);
    names.insert(to_string(verdict));
  }
  EXPECT_EQ(names.size(), all_verdicts.size());
  EXPECT_EQ(verdict_from("passed"), std::nullopt);
}

TEST(Verdict, MissingResultsAreNeitherPassNorFailure) {
  for (const Verdict verdict :
       {Verdict::host_fault, Verdict::unsupported, Verdict::blocked, Verdict::not_run}) {
    EXPECT_FALSE(is_failure(verdict));
    EXPECT_EQ(worse(Verdict::pass, verdict), verdict);
    EXPECT_EQ(worse(Verdict::fail, verdict), Verdict::fail);
  }
  EXPECT_EQ(worse(Verdict::pass, Verdict::observed), Verdict::pass);
}

RC_GTEST_PROP(Verdict, WorseIsAJoin, ()) {
  const Verdict a = any_verdict();
  const Verdict b = any_verdict();
  const Verdict c = any_verdict();
  RC_ASSERT(worse(a, a) == a);
  RC_ASSERT(worse(a, b) == worse(b, a));
  RC_ASSERT(worse(a, worse(b, c)) == worse(worse(a, b), c));
  RC_ASSERT(!is_failure(a) || is_failure(worse(a, b)));
}

} // namespace
} // namespace pep554
