#include "harness/gate/baseline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/gate/testing/runs.h"

namespace pep554::gate {
namespace {

using test::read_text;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// An entry with these lines beside what every entry needs.
std::string lines_of(const std::string& lines) {
  return "[[deviation]]\n" + lines + "\n";
}

const std::string good_lines = "case = \"run.text-empty\"\nverdict = \"fail\"\n"
                               "signature = \"fail run ValueError\"\nreason = \"why\"";

std::vector<std::string> errors_of(const std::string& text) {
  Diagnostics diagnostics;
  const auto baseline = baseline_from(text, "b.toml", diagnostics);
  EXPECT_EQ(baseline.has_value(), diagnostics.empty());
  std::vector<std::string> lines;
  for (const Error& one : diagnostics.sorted())
    lines.push_back(pep554::to_string(one));
  return lines;
}

TEST(Baseline, OfOneImplementationIsShort) {
  const Baseline baseline = read_text(lines_of(good_lines));
  ASSERT_EQ(baseline.entries.size(), 1U);
  const Entry& one = baseline.entries.front();
  EXPECT_EQ(id_of(one), "run.text-empty");
  EXPECT_EQ(one.verdict, Verdict::fail);
  EXPECT_EQ(one.signature, "fail run ValueError");
  EXPECT_EQ(one.reason, "why");
  EXPECT_FALSE(one.expires);
  EXPECT_EQ(one.where, (Source{"b.toml", 1, 1}));
  EXPECT_THAT(versions_of(baseline, {"any", {}, ""}).value(), IsEmpty());
}

TEST(Baseline, HasEveryKey) {
  const Baseline baseline = read_text(
      "implementation = \"mine\"\n"
      "[versions]\n\"2.*\" = {}\n\"1.0\" = { adapter = \"a\" }\n" +
      lines_of("property = \"ids-are-new\"\nverdict = \"flaky\"\nsignature = \"flaky fail run\"\n"
               "reason = \"why\"\nlink = \"https://example.org/1\"\nkind = \"bug\"\n"
               "versions = [\"1.0\"]\nexpires = 2027-01-31") +
      "[judged]\nrun = [\"answer\"]\n\"\" = [\"odd\"]\n");
  ASSERT_EQ(baseline.entries.size(), 1U);
  const Entry& one = baseline.entries.front();
  EXPECT_EQ(id_of(one), "property.ids-are-new");
  EXPECT_EQ(one.link, "https://example.org/1");
  EXPECT_EQ(one.kind, "bug");
  ASSERT_TRUE(one.expires);
  EXPECT_EQ(to_string(*one.expires), "2027-01-31");
  ASSERT_EQ(baseline.versions.size(), 2U);
  EXPECT_EQ(baseline.versions[0].pattern, "2.*");
  EXPECT_EQ(baseline.versions[1].facts, (Facts{{"adapter", "a"}}));
  EXPECT_THAT(baseline.judged, ElementsAre("odd", "run.answer"));
}

struct BadBaseline {
  std::string text;
  std::string error;
};

TEST(Baseline, ReportsEveryErrorWithItsPosition) {
  const std::string two = "[versions]\n\"1.0\" = {}\n\"1.1\" = {}\n";
  const std::vector<BadBaseline> table{
      {"deviation = ]", "b.toml:1:13: not TOML"},
      {"colour = 1\n", "b.toml:1:1: unknown key \"colour\""},
      {lines_of("verdict = \"fail\"\nsignature = \"fail\"\nreason = \"r\""),
       "b.toml:1:1: expected one of \"case\", \"property\" and \"clause\""},
      {lines_of("clause = \"a\"\n" + good_lines), "b.toml:1:1: expected one of \"case\""},
      {lines_of("case = \"\"\nverdict = \"fail\"\nsignature = \"fail\"\nreason = \"r\""),
       "b.toml:2:8: expected a name that is not empty"},
      {lines_of("case = \"a\"\nverdict = \"fial\"\nsignature = \"fail\"\nreason = \"r\""),
       "b.toml:3:11: \"fial\" is not a verdict (did you mean fail?)"},
      {lines_of("case = \"a\"\nverdict = \"pass\"\nsignature = \"fail\"\nreason = \"r\""),
       "b.toml:3:11: \"pass\" is not a deviation"},
      {lines_of("case = \"a\"\nverdict = \"not-run\"\nsignature = \"not-run\"\nreason = \"r\""),
       "b.toml:3:11: \"not-run\" cannot be accepted"},
      {lines_of("case = \"a\"\nverdict = \"fail\"\nreason = \"r\""),
       "b.toml:1:1: expected \"signature\""},
      {lines_of("case = \"a\"\nverdict = \"fail\"\nsignature = \"crash run\"\nreason = \"r\""),
       "b.toml:4:13: \"crash run\" does not begin with the verdict \"fail\""},
      {lines_of("case = \"a\"\nverdict = \"fail\"\nsignature = \"failed\"\nreason = \"r\""),
       "b.toml:4:13: \"failed\" does not begin with the verdict"},
      {lines_of("case = \"a\"\nverdict = \"fail\"\nsignature = \"fail\""),
       "b.toml:1:1: expected \"reason\""},
      {lines_of("case = \"a\"\nverdict = \"flaky\"\nsignature = \"flaky\"\nreason = \"r\""),
       "b.toml:3:11: an entry of a flaky case needs \"expires\""},
      {lines_of(good_lines + "\nexpires = \"2027-01-31\""),
       "b.toml:6:11: expected a date without quotes"},
      {lines_of(good_lines + "\nexpires = 2027-01-31T00:00:00Z"), "b.toml:6:11: expected a date"},
      {lines_of(good_lines + "\nversions = [\"1.0\"]"),
       "b.toml:6:12: there is no [versions] in this file"},
      {two + lines_of(good_lines + "\nversions = [\"1.2\"]"),
       "b.toml:9:12: \"1.2\" is not in [versions] (did you mean 1.0?)"},
      {two + lines_of(good_lines + "\nversions = []"),
       "b.toml:9:12: expected at least one version"},
      {lines_of(good_lines) + lines_of(good_lines),
       "b.toml:7:8: case run.text-empty has an entry in line 1 already"},
      {two + lines_of(good_lines) + lines_of(good_lines + "\nversions = [\"1.0\"]"),
       "has an entry in line 4 already"},
      {"[versions]\n", "b.toml:1:1: expected [versions] with at least one line"},
      {"[versions]\n\"1.0\" = \"a\"\n", "b.toml:2:1: version \"1.0\": expected {}"},
      {"[versions]\n\"1.0\" = { a = 1 }\n", "b.toml:2:15: fact \"a\": expected a string"},
      {"[judged]\nrun = [\"a\", \"a\"]\n", "b.toml:2:7: \"run.a\" is listed twice"},
      {"judged = 3\n", "b.toml:1:10: expected [judged]"},
  };
  for (const BadBaseline& one : table)
    EXPECT_THAT(errors_of(one.text), testing::Contains(HasSubstr(one.error))) << one.text;
}

TEST(Baseline, AcceptsAnotherEntryForOtherVersionsAndForAnotherWayOfAClause) {
  const std::string clause = "clause = \"c\"\nverdict = \"fail\"\nreason = \"r\"\n";
  EXPECT_THAT(errors_of("[versions]\n\"1.0\" = {}\n\"1.1\" = {}\n" +
                        lines_of(good_lines + "\nversions = [\"1.1\"]") +
                        lines_of(good_lines + "\nversions = [\"1.0\"]") +
                        lines_of(clause + "signature = \"fail a\"") +
                        lines_of(clause + "signature = \"fail b\"")),
              IsEmpty());
}

TEST(Baseline, ReportsAFileThatIsNone) {
  Diagnostics diagnostics;
  EXPECT_FALSE(read_baseline("/no/such/file.toml", diagnostics));
  ASSERT_EQ(diagnostics.sorted().size(), 1U);
  EXPECT_THAT(pep554::to_string(diagnostics.sorted().front()),
              HasSubstr("/no/such/file.toml: there is no such file: expected a baseline"));
}

struct OtherTarget {
  Facts facts;
  std::string problem; // empty: it is one for this target
  std::vector<std::string> versions;
};

TEST(Baseline, IsForTheVersionsThatItLists) {
  const Baseline baseline =
      read_text("implementation = \"mine\"\n[versions]\n"
                "\"1.0\" = { adapter = \"a\" }\n\"1.*\" = {}\n\"2.*\" = {}\n");
  const std::vector<OtherTarget> table{
      {{{"implementation", "mine"}, {"version", "1.0"}, {"adapter", "a"}}, "", {"1.0", "1.*"}},
      {{{"implementation", "mine"}, {"version", "2.7"}}, "", {"2.*"}},
      {{{"implementation", "other"}, {"version", "1.0"}},
       "b.toml: is a baseline of the implementation \"mine\", and the target says that it is "
       "\"other\"",
       {}},
      {{{"version", "1.0"}}, "the target says that it is \"\"", {}},
      {{{"implementation", "mine"}, {"version", "3.0"}},
       "b.toml: does not list the target's version \"3.0\" in [versions]",
       {}},
      {{{"implementation", "mine"}}, "the target does not say which version it is", {}},
      {{{"implementation", "mine"}, {"version", "1.0"}, {"adapter", "b"}},
       "b.toml:3:1: version \"1.0\" is listed with adapter \"a\", and the target's adapter is "
       "\"b\"",
       {}},
  };
  for (const OtherTarget& one : table) {
    const auto versions = versions_of(baseline, {"t", one.facts, ""});
    EXPECT_EQ(versions.has_value(), one.problem.empty()) << one.problem;
    EXPECT_THAT(versions ? "" : to_string(versions.error()), HasSubstr(one.problem));
    EXPECT_EQ(versions.value_or(std::vector<std::string>()), one.versions);
  }
}

} // namespace
} // namespace pep554::gate
