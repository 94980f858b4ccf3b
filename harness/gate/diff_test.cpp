#include "harness/gate/diff.h"

#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/gate/diff_report.h"
#include "harness/gate/testing/runs.h"

namespace pep554::gate {
namespace {

using test::one_case;
using test::run_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> kinds(const RunResult& before, const RunResult& after) {
  std::vector<std::string> lines;
  for (const Change& one : diff(before, after))
    lines.push_back(fmt::format("{} {}{}", to_string(one.kind), one.id, is_worse(one) ? " !" : ""));
  return lines;
}

struct DiffRow {
  std::vector<std::string> before; // signatures of a case "a.a"; none: it is not there
  std::vector<std::string> after;
  std::vector<std::string> changes;
};

TEST(Diff, HasAKindForEachChange) {
  const std::vector<DiffRow> table{
      {{"pass"}, {"pass"}, {}},
      {{"pass"}, {"fail run"}, {"broken a.a !"}},
      {{"observed"}, {"hang run"}, {"broken a.a !"}},
      {{"pass"}, {"unsupported"}, {"broken a.a !"}},
      {{"fail run"}, {"pass"}, {"fixed a.a"}},
      {{"unsupported"}, {"observed"}, {"fixed a.a"}},
      {{"fail run"}, {"fail run"}, {}},
      {{"fail run"}, {"crash run"}, {"other-evidence a.a !"}},
      {{"fail run A"}, {"fail run B"}, {"other-evidence a.a !"}},
      {{"pass"}, {"observed"}, {}},
      {{"pass"}, {}, {"gone a.a !"}},
      {{"fail run"}, {}, {"gone a.a !"}},
      {{"pass"}, {"not-run"}, {"gone a.a !"}},
      {{"fail run"}, {"host-fault"}, {"gone a.a !"}},
      {{}, {"pass"}, {"new a.a"}},
      {{}, {"fail run"}, {"new a.a !"}},
      {{"not-run"}, {"pass"}, {"new a.a"}},
      {{"not-run"}, {"host-fault"}, {}},
      {{}, {"not-run"}, {}},
  };
  const auto run = [](const std::vector<std::string>& signatures) {
    std::vector<CaseResult> cases;
    for (const std::string& one : signatures)
      cases.push_back(one_case("a.a", one));
    return run_of(cases);
  };
  for (const DiffRow& row : table)
    EXPECT_EQ(kinds(run(row.before), run(row.after)), row.changes)
        << testing::PrintToString(row.before) << testing::PrintToString(row.after);
}

TEST(Diff, SaysWhenAnObservedAnswerIsAnotherOne) {
  CaseResult one = one_case("a.a", "observed");
  one.steps = {{0, "enumerate()", "", "", "a list of main", StepResult::State::observed},
               {0, "create()", "", "", "interpreter 1", StepResult::State::prepared}};
  CaseResult other = one;
  other.steps[1].got = "interpreter 2";
  EXPECT_THAT(kinds(run_of({one}), run_of({other})), IsEmpty());
  other.steps[0].got = "RuntimeError";
  EXPECT_THAT(kinds(run_of({one}), run_of({other})), ElementsAre("other-evidence a.a !"));
}

TEST(Diff, SortsTheWorstFirst) {
  EXPECT_THAT(kinds(run_of({one_case("a", "fail"), one_case("b", "pass"), one_case("c", "pass")}),
                    run_of({one_case("a", "pass"), one_case("b", "pass"), one_case("c", "fail"),
                            one_case("d", "pass")})),
              ElementsAre("broken c !", "new d", "fixed a"));
}

// Two runs of `count` cases of 20 ms each, the second slower by a factor, each time with noise.
struct Timed {
  RunResult before;
  RunResult after;
};

Timed timed(size_t count, double factor, double noise, unsigned seed) {
  std::mt19937 random(seed);
  std::lognormal_distribution<double> scatter(0, noise);
  std::vector<CaseResult> before;
  std::vector<CaseResult> after;
  for (size_t i = 0; i < count; ++i) {
    before.push_back(one_case(fmt::format("a.{:03}", i), "pass"));
    before.back().microseconds = std::llround(20'000 * scatter(random));
    after.push_back(before.back());
    after.back().microseconds = std::llround(20'000 * factor * scatter(random));
  }
  return {run_of(before), run_of(after)};
}

TEST(Diff, TakesNoNoiseForSlowness) {
  for (unsigned seed = 0; seed < 50; ++seed)
    for (const double factor : {0.2, 1.0, 20.0})
      for (const double noise : {0.05, 0.5, 1.5}) {
        const Timed runs = timed(200, factor, noise, seed);
        EXPECT_THAT(kinds(runs.before, runs.after), IsEmpty())
            << "seed " << seed << ", factor " << factor << ", noise " << noise;
      }
}

TEST(Diff, FindsWhatIsSlowerThanTheOthers) {
  for (const double factor : {0.5, 1.0, 5.0}) {
    Timed runs = timed(40, factor, 0.1, 7);
    runs.after.cases[3].microseconds = std::llround(20'000 * factor) + 450'000;
    EXPECT_THAT(kinds(runs.before, runs.after), IsEmpty());
    runs.after.cases[3].microseconds += 100'000;
    EXPECT_THAT(kinds(runs.before, runs.after), ElementsAre("slower a.003 !"));
  }
}

// What one case waited by chance in the earlier run, another may have waited in the later one.
TEST(Diff, TakesAWaitForNoiseWhereOthersWaitedBefore) {
  Timed runs = timed(40, 1, 0.1, 7);
  runs.after.cases[3].microseconds = 1'000'000;
  runs.before.cases[5].microseconds = 600'000;
  EXPECT_THAT(kinds(runs.before, runs.after), IsEmpty());
  runs.after.cases[3].microseconds = 1'400'000;
  EXPECT_THAT(kinds(runs.before, runs.after), ElementsAre("slower a.003 !"));
}

TEST(Diff, FindsNothingSlowerAmongFewCases) {
  Timed runs = timed(slower_least - 1, 1, 0.01, 7);
  runs.after.cases[3].microseconds = 60'000'000;
  EXPECT_THAT(kinds(runs.before, runs.after), IsEmpty());
}

TEST(DiffReport, MakesForeignTextFitForEachFormat) {
  CaseResult fails = one_case("a.a", "fail run");
  fails.reason = "got `x` | <b>\x1b[31m\nnext \xff";
  const RunResult before = run_of({one_case("a.a", "pass"), one_case("a.b", "pass")});
  const RunResult after = run_of({fails});
  const auto changes = diff(before, after);
  const std::string text = diff_text(changes, before, after);
  EXPECT_EQ(text, "broken         a.a: pass -> fail run: got `x` | <b>\\x1b[31m\\nnext \uFFFD\n"
                  "gone           a.b: pass -> absent\n"
                  "plugin:mine.so -> plugin:mine.so: 1 broken, 1 gone\n");
  const std::string markdown = diff_markdown(changes, before, after);
  EXPECT_THAT(markdown, HasSubstr("### pep554: 1 broken, 1 gone\n\nplugin:mine.so → "));
  EXPECT_THAT(markdown, HasSubstr("| broken | a.a | pass -\\> fail run | got \\`x\\` \\| \\<b\\>"
                                  "\\\\x1b\\[31m\\\\nnext \uFFFD |\n"));
  const auto json = diff_json(changes, before, after);
  EXPECT_EQ(json.at("worse"), true);
  EXPECT_EQ(json.at("counts"), (nlohmann::json{{"broken", 1}, {"gone", 1}}));
  EXPECT_EQ(json.at("changes")[0].at("after").at("signature"), "fail run");
  EXPECT_EQ(json.at("changes")[1].at("after"), nullptr);
  EXPECT_NO_THROW(static_cast<void>(json.dump()));
}

TEST(DiffReport, SaysWhenNothingChanged) {
  const RunResult run = run_of({one_case("a.a", "pass")}, "1.0");
  EXPECT_EQ(diff_text({}, run, run), "plugin:mine.so (mine 1.0) -> plugin:mine.so (mine 1.0): no "
                                     "differences\n");
  EXPECT_THAT(diff_markdown({}, run, run), testing::Not(HasSubstr("|")));
  EXPECT_EQ(diff_json({}, run, run).at("worse"), false);
}

} // namespace
} // namespace pep554::gate
