// Merging: what is of one run becomes one, anything else is refused with both files.
#include "reports/merge.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "reports/results_json.h"
#include "reports/tests/generators.h"
#include "reports/tests/sample_run.h"

namespace pep554 {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The sample in so many shards, dealt out in turn.
std::vector<PartialRun> shards(size_t count) {
  std::vector<PartialRun> parts;
  const RunResult whole = sample_run();
  for (size_t index = 1; index <= count; ++index) {
    PartialRun part{std::to_string(index) + ".json", whole};
    part.run.shard = std::to_string(index) + "/" + std::to_string(count);
    part.run.cases.clear();
    for (size_t i = index - 1; i < whole.cases.size(); i += count)
      part.run.cases.push_back(whole.cases[i]);
    parts.push_back(std::move(part));
  }
  return parts;
}

TEST(Merge, ShardsBecomeTheWholeRun) {
  auto parts = shards(4);
  std::ranges::reverse(parts);
  EXPECT_THAT(merge_errors(parts), IsEmpty());
  EXPECT_THAT(missing_shards(parts), IsEmpty());
  RunResult run = merged(parts);
  const RunResult whole = sample_run();
  run.clauses = whole.clauses; // are assessed by the caller
  EXPECT_EQ(results_text(run), results_text(whole));
}

TEST(Merge, TimesOfTheRunAreThoseOfAllParts) {
  auto parts = shards(2);
  parts[0].run.started = "2026-01-02T03:04:05Z";
  parts[1].run.started = "2026-01-01T03:04:05Z";
  parts[0].run.milliseconds = 70;
  parts[1].run.milliseconds = 90;
  parts[0].run.jobs = 8;
  parts[1].run.jobs = 1;
  parts[1].run.isolation = "none";
  const RunResult run = merged(parts);
  EXPECT_EQ(run.started, "2026-01-01T03:04:05Z");
  EXPECT_EQ(run.milliseconds, 90);
  EXPECT_EQ(run.jobs, 8U);
  EXPECT_EQ(run.isolation,
            "landlock, no_new_privs; not: pid namespace (Operation not permitted); none");
}

// The errors when the second of two parts is changed.
template <class Change>
std::vector<std::string> errors_after(const Change& change) {
  auto parts = shards(2);
  change(parts[1].run);
  return merge_errors(parts);
}

TEST(Merge, RefusesPartsOfDifferentRuns) {
  const std::string files = "1.json and 2.json are not of one run: ";
  EXPECT_THAT(errors_after([](RunResult& run) { run.version = "9"; }),
              ElementsAre(files + "version of pep554: \"0.1.0\" and \"9\""));
  EXPECT_THAT(errors_after([](RunResult& run) { run.commit = "9"; }),
              ElementsAre(files + "commit of pep554: \"0a1b2c3\" and \"9\""));
  EXPECT_THAT(errors_after([](RunResult& run) { run.text_sha256 = "x"; }).front(),
              testing::StartsWith(files + "text, sha256: "));
  EXPECT_THAT(errors_after([](RunResult& run) { run.cases_sha256 = "x"; }).front(),
              testing::StartsWith(files + "tables of cases, sha256: "));
  EXPECT_THAT(errors_after([](RunResult& run) { run.target.name = "other"; }),
              ElementsAre(files + "target: \"reference\" and \"other\""));
  EXPECT_THAT(errors_after([](RunResult& run) { run.target.unsupported_reason = "none"; }),
              ElementsAre(files + "reason why nothing is supported: \"\" and \"none\""));
  EXPECT_THAT(
      errors_after([](RunResult& run) { run.target.facts[1].second = "3.12"; }),
      ElementsAre(files + "the target's python: \"3.11.2 (main, Debian 12)\" and \"3.12\""));
  EXPECT_THAT(errors_after([](RunResult& run) { run.target.facts.pop_back(); }).size(), 1U);
  EXPECT_THAT(errors_after([](RunResult& run) { run.shard = "2/3"; }),
              ElementsAre(files + "number of shards: \"2\" and \"3\""));
}

TEST(Merge, TheNameOfATargetMayHaveOtherFolders) {
  const auto errors = [](const char* one, const char* other) {
    auto parts = shards(2);
    parts[0].run.target.name = one;
    parts[1].run.target.name = other;
    return merge_errors(parts);
  };
  EXPECT_THAT(errors("python:/usr/bin/python3,path=/a/b", "python:python3,path=c/b"), IsEmpty());
  EXPECT_THAT(errors("python:/usr/bin/python3", "python:/usr/bin/python4"), testing::SizeIs(1));
  EXPECT_THAT(errors("python:a", "cpython:a"), testing::SizeIs(1));
}

TEST(Merge, RefusesASecondResultOfACase) {
  auto parts = shards(2);
  parts[1].run.cases.push_back(parts[0].run.cases[0]);
  EXPECT_THAT(merge_errors(parts),
              ElementsAre("1.json and 2.json both have create.distinct: pass and pass"));
  parts[1].run.cases.push_back(parts[0].run.cases[1]);
  parts[1].run.cases.back().verdict = Verdict::hang;
  const std::string id = parts[0].run.cases[1].id;
  EXPECT_THAT(merge_errors(parts),
              ElementsAre("1.json and 2.json both have " + id + ": " +
                          std::string(to_string(parts[0].run.cases[1].verdict)) +
                          " and hang (and 1 more case)"));
}

TEST(Merge, ACaseThatWasNotBegunIsNoResult) {
  auto parts = shards(2);
  CaseResult late = parts[0].run.cases[0];
  late.verdict = Verdict::not_run;
  late.reason = interrupted_reason;
  parts[1].run.cases.push_back(late);
  parts[1].run.unreached = 1;
  for (int turn = 0; turn < 2; ++turn) {
    EXPECT_THAT(merge_errors(parts), IsEmpty());
    const RunResult run = merged(parts);
    EXPECT_EQ(run.unreached, 0U);
    EXPECT_EQ(run.cases[0].verdict, Verdict::pass);
    std::ranges::reverse(parts);
  }
  parts[0].run.cases.erase(parts[0].run.cases.begin());
  EXPECT_EQ(merged(parts).unreached, 1U);
}

TEST(Merge, PartsOfDifferentFiltersHaveNone) {
  auto parts = shards(3);
  for (auto& part : parts)
    part.run.filter = "run.*";
  EXPECT_EQ(merged(parts).filter, "run.*");
  parts[1].run.filter = "-run.*";
  EXPECT_EQ(merged(parts).filter, "");
  parts[0].run.filter = "";
  EXPECT_EQ(merged(parts).filter, "");
}

TEST(Merge, NamesMissingShards) {
  auto parts = shards(4);
  parts.erase(parts.begin() + 1);
  parts.pop_back();
  EXPECT_THAT(missing_shards(parts), ElementsAre("2/4", "4/4"));
  parts[0].run.shard = "x/y";
  parts[1].run.shard = "1/99999999999999999999";
  EXPECT_THAT(missing_shards(parts), IsEmpty());
}

RC_GTEST_PROP(Merge, NothingThatCanBeReadBreaksIt, ()) {
  std::vector<PartialRun> parts{{"a", *arbitrary_run()}, {"b", *arbitrary_run()}};
  const auto errors = merge_errors(parts);
  RC_ASSERT(!errors.empty() || !merged(parts).cases.empty() || parts[0].run.cases.empty());
  missing_shards(parts);
}

} // namespace
} // namespace pep554
