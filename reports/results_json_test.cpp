#include "reports/results_json.h"

#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "reports/tests/generators.h"
#include "reports/tests/sample_run.h"
#include "spec/readable.h"

namespace pep554 {

// Compared field by field: the types of results have no comparison of their own.
static auto fields(const StepResult& s) {
  return std::tie(s.lane, s.text, s.code, s.expected, s.got, s.state);
}
static auto fields(const CaseResult& c) {
  return std::tie(c.id, c.title, c.where, c.clauses, c.verdict, c.reason, c.output_tail, c.trace,
                  c.replay, c.microseconds);
}
static auto fields(const Attempt& t) {
  return std::tie(t.mode, t.verdict, t.reason);
}
static auto fields(const ClauseResult& c) {
  return std::tie(c.id, c.kind, c.quote, c.summary, c.reasoning, c.follows_from, c.verdict,
                  c.cases);
}
static auto fields(const RunResult& r) {
  return std::tie(r.version, r.commit, r.text_sha256, r.target.name, r.target.facts,
                  r.target.unsupported_reason, r.cases_sha256, r.filter, r.shard, r.isolation,
                  r.started, r.milliseconds, r.jobs, r.unreached, r.conformant, r.claim);
}

template <class T>
static bool same_list(const std::vector<T>& left, const std::vector<T>& right) {
  return std::ranges::equal(left, right,
                            [](const T& a, const T& b) { return fields(a) == fields(b); });
}

static bool same(const RunResult& left, const RunResult& right) {
  return fields(left) == fields(right) && same_list(left.clauses, right.clauses) &&
         same_list(left.cases, right.cases) &&
         std::ranges::equal(left.cases, right.cases, [](const auto& a, const auto& b) {
           return same_list(a.steps, b.steps) && same_list(a.attempts, b.attempts);
         });
}

namespace {

using nlohmann::ordered_json;

RC_GTEST_PROP(ResultsJson, RoundTripIsExactEvenForBytesThatAreNotText, ()) {
  const auto run = *hostile_run();
  RC_ASSERT(same(run_result_from(to_json(run)).value(), run));
}

RC_GTEST_PROP(ResultsJson, RoundTripThroughTextIsExact, ()) {
  const auto run = *arbitrary_run();
  RC_ASSERT(same(run_result_from_text(results_text(run)).value(), run));
}

RC_GTEST_PROP(ResultsJson, TextIsAlwaysJson, ()) {
  RC_ASSERT(run_result_from_text(results_text(*hostile_run())).has_value());
}

// The error message for the sample's document with `change`.
template <class Change>
std::string error_of(Change change) {
  auto document = to_json(sample_run());
  change(document);
  const auto run = run_result_from(document);
  return run ? "no error" : to_string(run.error());
}

TEST(ResultsJson, RejectsAMissingKey) {
  EXPECT_EQ(error_of([](ordered_json& d) { d["cases"][2].erase("reason"); }),
            "/cases/2/reason: is missing");
}

TEST(ResultsJson, RejectsAWrongType) {
  EXPECT_EQ(error_of([](ordered_json& d) { d["jobs"] = "two"; }), "/jobs: not a count");
  EXPECT_EQ(error_of([](ordered_json& d) { d["jobs"] = -1; }), "/jobs: not a count");
  EXPECT_EQ(error_of([](ordered_json& d) { d["clauses"][0]["cases"] = {1}; }),
            "/clauses/0/cases: not a list of texts");
  EXPECT_EQ(error_of([](ordered_json& d) { d["target"] = 1; }), "/target: not an object");
}

TEST(ResultsJson, NamesTheFirstOfSeveralErrors) {
  EXPECT_EQ(error_of([](ordered_json& d) {
              d["target"] = d["cases"] = d["counts"] = nullptr;
              d["jobs"] = 1'000'000'000'000;
            }),
            "/target: not an object");
}

TEST(ResultsJson, RejectsAnUnknownName) {
  EXPECT_EQ(error_of([](ordered_json& d) { d["cases"][0]["verdict"] = "passed"; }),
            "/cases/0/verdict: \"passed\" is not a verdict");
  EXPECT_EQ(error_of([](ordered_json& d) { d["clauses"][0]["kind"] = "other"; }),
            "/clauses/0/kind: \"other\" is not a kind of clause");
  EXPECT_EQ(error_of([](ordered_json& d) { d["cases"][0]["steps"][0]["state"] = ""; }),
            "/cases/0/steps/0/state: \"\" is not the state of a step");
}

TEST(ResultsJson, RejectsAnUnknownKey) {
  EXPECT_EQ(error_of([](ordered_json& d) { d["target"]["extra"] = 1; }),
            "/target/extra: not a key of this format");
}

TEST(ResultsJson, RejectsAnotherSchema) {
  EXPECT_EQ(error_of([](ordered_json& d) { d["schema"] = 1; }),
            "/schema: only schema 3 can be read");
}

TEST(ResultsJson, RejectsWrongCounts) {
  EXPECT_EQ(error_of([](ordered_json& d) { d["cases"][0]["verdict"] = "fail"; }),
            "/counts: not the counts of these cases and clauses");
}

TEST(ResultsJson, RejectsInvalidJson) {
  EXPECT_FALSE(run_result_from_text("{"));
  EXPECT_FALSE(run_result_from_text("[]"));
  EXPECT_FALSE(run_result_from_text("1e400")); // a number that no type holds
}

TEST(ResultsJson, RejectsDeepNesting) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_FALSE(run_result_from_text(R"({"schema":3,"counts":)" + deep + "}"));
}

TEST(ResultsJson, ReportsErrorsOnOneLine) {
  const std::string message = run_result_from_text("{\"a\xff\n\":").error().message;
  EXPECT_THAT(message, testing::StartsWith("/: not JSON: "));
  EXPECT_EQ(valid_utf8(message), message);
  EXPECT_EQ(message.find('\n'), std::string::npos);
}

// Drops the keys that may depend on the clock.
void drop_times(ordered_json& value) {
  if (value.is_object())
    for (const char* key : {"started", "duration_ms", "duration_us"})
      value.erase(key);
  for (auto& item : value)
    if (item.is_structured())
      drop_times(item);
}

TEST(ResultsJson, WithoutTimesTwoRunsAreEqual) {
  auto later = sample_run();
  later.started = "2027-01-01T00:00:00Z";
  later.milliseconds += 17;
  for (auto& result : later.cases)
    result.microseconds *= 2;
  auto left = to_json(sample_run());
  auto right = to_json(later);
  EXPECT_NE(left, right);
  drop_times(left);
  drop_times(right);
  EXPECT_EQ(left, right);
}

} // namespace
} // namespace pep554
