#include "harness/gate/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/gate/testing/runs.h"

namespace pep554::gate {
namespace {

using test::now;
using test::one_case;
using test::read_text;
using test::run_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string entry_of(const std::string& subject, const std::string& signature,
                     const std::string& more = "") {
  return "[[deviation]]\n" + subject + "\nverdict = \"" + signature.substr(0, signature.find(' ')) +
         "\"\nsignature = \"" + signature + "\"\nreason = \"known\"\n" + more;
}

Comparison compared(const RunResult& run, const std::string& text, Extent extent = Extent::whole) {
  const Baseline baseline = read_text(text);
  const auto versions = versions_of(baseline, run.target);
  EXPECT_TRUE(versions) << to_string(versions.error());
  return compare(run, baseline, versions.value_or(std::vector<std::string>()), now, extent);
}

// "REASON SUBJECT" of each finding.
std::vector<std::string> found(const RunResult& run, const std::string& text,
                               Extent extent = Extent::whole) {
  std::vector<std::string> lines;
  for (const Finding& one : compared(run, text, extent).findings)
    lines.push_back(std::string(to_string(one.reason)) +
                    (one.subject.empty() ? "" : " " + one.subject));
  return lines;
}

const std::string accepted = entry_of("case = \"run.a\"", "fail run ValueError");
const CaseResult passing = one_case("run.b", "pass");
const CaseResult failing = one_case("run.a", "fail run ValueError", {"run.c", "run.d"});

struct GateRow {
  const char* what;
  RunResult run;
  std::string baseline;
  std::vector<std::string> findings;
};

// The baseline is of the whole, and says nothing wrong about the selection.
TEST(Gate, OfASelectionComparesOnlyThat) {
  RunResult filtered = run_of({failing});
  filtered.filter = "case=run.a";
  const std::string more = entry_of("case = \"x.y\"", "fail", "expires = 2026-11-28\n") +
                           "[judged]\nrun = [\"a\", \"b\"]\n";
  EXPECT_THAT(found(filtered, accepted + more, Extent::selection), testing::IsEmpty());
  EXPECT_THAT(found(filtered, more, Extent::selection), testing::ElementsAre("unexpected run.a"));
  EXPECT_THAT(found(filtered, accepted + "expires = 2026-11-28\n" + more, Extent::selection),
              testing::ElementsAre("expired-entry case run.a"));
  filtered.unreached = 1;
  EXPECT_THAT(found(filtered, accepted + more, Extent::selection),
              testing::ElementsAre("partial-run"));
}

TEST(Gate, HasAReasonForEachWayNotToBeAsExpected) {
  RunResult filtered = run_of({failing});
  filtered.filter = "run.a";
  RunResult shard = run_of({failing});
  shard.shard = "1/2";
  RunResult interrupted = run_of({failing, one_case("run.b", "not-run")});
  interrupted.unreached = 1;
  RunResult unsupported = run_of({one_case("run.a", "unsupported")});
  unsupported.target.unsupported_reason = "it has no subinterpreters";
  const std::string judged = "[judged]\nrun = [\"a\", \"b\", \"c\"]\n";
  const std::vector<GateRow> table{
      {"as expected", run_of({failing, passing}), accepted, {}},
      {"no deviation at all", run_of({passing, one_case("run.o", "observed")}), "", {}},
      {"a new failure", run_of({failing, passing}), "", {"unexpected run.a"}},
      {"it passes", run_of({one_case("run.a", "pass")}), accepted, {"unexpected-pass run.a"}},
      {"it is observed",
       run_of({one_case("run.a", "observed")}),
       accepted,
       {"unexpected-pass run.a"}},
      {"another verdict",
       run_of({one_case("run.a", "crash run SIGSEGV")}),
       accepted,
       {"other-verdict run.a"}},
      {"another signature",
       run_of({one_case("run.a", "fail run TypeError")}),
       accepted,
       {"other-signature run.a"}},
      {"not a whole word",
       run_of({one_case("run.a", "fail run ValueErrors")}),
       accepted,
       {"other-signature run.a"}},
      {"a less exact entry", run_of({failing}), entry_of("case = \"run.a\"", "fail run"), {}},
      {"a less exact signature",
       run_of({one_case("run.a", "fail run")}),
       accepted,
       {"other-signature run.a"}},
      {"nothing for the entry", run_of({passing}), accepted, {"unmatched-entry case run.a"}},
      {"nothing for the clause",
       run_of({passing}),
       entry_of("clause = \"run.x\"", "fail run"),
       {"unmatched-entry clause run.x"}},
      {"expired",
       run_of({failing}),
       accepted + "expires = 2026-11-28\n",
       {"expired-entry case run.a"}},
      {"its last day", run_of({failing}), accepted + "expires = 2026-11-29\n", {}},
      {"expired, and nothing for it",
       run_of({passing}),
       accepted + "expires = 2026-11-28\n",
       {"unmatched-entry case run.a", "expired-entry case run.a"}},
      {"a case is gone", run_of({failing, passing}), accepted + judged, {"gone run.c"}},
      {"the case of an entry is gone",
       run_of({passing, one_case("run.c", "pass")}),
       accepted + judged,
       {"gone run.a"}},
      {"more was judged",
       run_of({failing, passing, one_case("run.c", "pass"), one_case("x.y", "pass")}),
       accepted + judged,
       {}},
      {"it is skipped",
       run_of({failing, one_case("run.b", "unsupported")}),
       accepted,
       {"not-judged run.b"}},
      {"it is blocked",
       run_of({failing, one_case("run.b", "blocked create")}),
       accepted,
       {"not-judged run.b"}},
      {"it is not run",
       run_of({failing, one_case("run.b", "not-run")}),
       accepted,
       {"not-judged run.b"}},
      {"the case of an entry is not run",
       run_of({one_case("run.a", "not-run")}),
       accepted,
       {"not-judged run.a"}},
      {"a fault of the host",
       run_of({one_case("run.a", "host-fault")}),
       accepted,
       {"not-judged run.a"}},
      {"a selection", filtered, accepted + judged, {"partial-run"}},
      {"a shard", shard, accepted + judged, {"partial-run"}},
      {"a selection without the entry",
       filtered,
       entry_of("case = \"x.y\"", "fail"),
       {"partial-run", "unexpected run.a"}},
      {"interrupted", interrupted, accepted + judged, {"partial-run"}},
      {"nothing to judge", unsupported, accepted + judged, {"partial-run"}},
      {"nothing at all", run_of({}), "", {"partial-run"}},
      {"several",
       run_of({one_case("run.a", "pass"), one_case("run.b", "hang run"),
               one_case("run.e", "fail run")}),
       accepted,
       {"unexpected run.b", "unexpected run.e", "unexpected-pass run.a"}},
      {"a property",
       run_of({one_case("property.p", "crash destroy SIGABRT")}),
       entry_of("property = \"p\"", "crash destroy SIGABRT"),
       {}},
      {"a property's id as a case",
       run_of({one_case("property.p", "fail run")}),
       entry_of("case = \"property.p\"", "fail run"),
       {}},
  };
  for (const GateRow& row : table)
    EXPECT_EQ(found(row.run, row.baseline), row.findings) << row.what;
}

TEST(Gate, AnEntryOfAClauseStandsForEachOfItsCases) {
  const std::string clause = entry_of("clause = \"c\"", "fail run");
  const CaseResult one = one_case("a.1", "fail run TypeError", {"c"});
  const CaseResult two = one_case("a.2", "fail run ValueError", {"b", "c"});
  const std::vector<GateRow> table{
      {"all of them", run_of({one, two, one_case("a.3", "pass", {"b"})}), clause, {}},
      {"not all", run_of({one, one_case("a.3", "pass", {"c"})}), clause, {"unexpected-pass a.3"}},
      {"another way",
       run_of({one, one_case("a.3", "crash run SIGABRT", {"c"})}),
       clause,
       {"other-verdict a.3"}},
      {"of two ways",
       run_of({one, one_case("a.3", "crash run SIGABRT", {"c"})}),
       clause + entry_of("clause = \"c\"", "crash run SIGABRT"),
       {}},
      {"in neither of two ways",
       run_of({one_case("a.3", "hang run", {"c"})}),
       clause + entry_of("clause = \"c\"", "crash run SIGABRT"),
       {"other-verdict a.3"}},
      {"a way that none has",
       run_of({one}),
       clause + entry_of("clause = \"c\"", "crash run"),
       {"unmatched-entry clause c"}},
      {"a case's own entry decides",
       run_of({one, two}),
       clause + entry_of("case = \"a.1\"", "crash run"),
       {"other-verdict a.1"}},
      {"all have their own",
       run_of({one}),
       clause + entry_of("case = \"a.1\"", "fail run TypeError"),
       {"unmatched-entry clause c"}},
  };
  for (const GateRow& row : table)
    EXPECT_EQ(found(row.run, row.baseline), row.findings) << row.what;
}

TEST(Gate, AnEntryOfAFlakyCaseAcceptsThatItDoesNotShow) {
  const std::string flaky =
      entry_of("case = \"run.a\"", "flaky crash run SIGABRT", "expires = 2027-01-01\n");
  const std::vector<GateRow> table{
      {"now and then", run_of({one_case("run.a", "flaky crash run SIGABRT")}), flaky, {}},
      {"each time", run_of({one_case("run.a", "crash run SIGABRT")}), flaky, {}},
      {"never", run_of({one_case("run.a", "pass")}), flaky, {}},
      {"in another way",
       run_of({one_case("run.a", "flaky fail run")}),
       flaky,
       {"other-signature run.a"}},
      {"each time in another way",
       run_of({one_case("run.a", "fail run")}),
       flaky,
       {"other-verdict run.a"}},
      {"it is skipped",
       run_of({one_case("run.a", "unsupported")}),
       entry_of("case = \"run.a\"", "flaky", "expires = 2027-01-01\n"),
       {"other-verdict run.a"}},
      {"no entry",
       run_of({one_case("run.a", "flaky crash run SIGABRT")}),
       "",
       {"unexpected run.a"}},
  };
  for (const GateRow& row : table)
    EXPECT_EQ(found(row.run, row.baseline), row.findings) << row.what;
  const Comparison comparison = compared(run_of({one_case("run.a", "pass")}), flaky);
  EXPECT_THAT(comparison.not_shown, ElementsAre("run.a"));
  EXPECT_EQ(comparison.accepted, 0U);
}

TEST(Gate, EntriesOfOtherVersionsAreNotConsidered) {
  const std::string file = "implementation = \"mine\"\n[versions]\n\"1.*\" = {}\n\"2.*\" = {}\n" +
                           entry_of("case = \"run.a\"", "fail run", "versions = [\"1.*\"]\n") +
                           entry_of("case = \"run.a\"", "crash run", "versions = [\"2.*\"]\n") +
                           entry_of("case = \"run.z\"", "fail run", "versions = [\"1.*\"]\n");
  const CaseResult crash = one_case("run.a", "crash run SIGABRT");
  EXPECT_THAT(found(run_of({crash}, "2.0"), file), IsEmpty());
  EXPECT_THAT(found(run_of({crash}, "1.0"), file),
              ElementsAre("other-verdict run.a", "unmatched-entry case run.z"));
}

TEST(Gate, SaysWhereAndWhatToDo) {
  const auto text = [](const RunResult& run, const std::string& baseline) {
    const Comparison comparison = compared(run, baseline);
    return comparison.findings.empty() ? "" : comparison.findings.front().text;
  };
  EXPECT_EQ(text(run_of({failing}), ""), "fail, signature \"fail run ValueError\": why run.a");
  EXPECT_EQ(text(run_of({one_case("run.a", "crash run SIGABRT")}), accepted),
            "b.toml:1:1 expects \"fail run ValueError\"; crash, signature \"crash run SIGABRT\": "
            "why run.a");
  EXPECT_EQ(text(run_of({one_case("run.a", "pass")}), accepted),
            "b.toml:1:1 expects \"fail run ValueError\"; passed: remove the entry");
  EXPECT_EQ(text(run_of({one_case("run.aa", "pass")}), accepted),
            "b.toml:1:1: the results do not have it (did you mean run.aa?)");
  EXPECT_EQ(text(run_of({failing}), accepted + "expires = 2026-01-02\n"),
            "b.toml:1:1 expired on 2026-01-02: known");
  EXPECT_EQ(text(run_of({passing}), "[judged]\nrun = [\"b\", \"c\"]\n"),
            "b.toml:1:1 lists it as judged, and the results do not have it");
}

TEST(Gate, CountsWhatItAcceptsAndWhatNobodyExplained) {
  std::string unexplained = entry_of("case = \"run.e\"", "hang run");
  unexplained.replace(unexplained.find("known"), 5, missing_reason);
  const Comparison comparison =
      compared(run_of({failing, passing, one_case("run.e", "hang run")}), accepted + unexplained);
  EXPECT_THAT(comparison.findings, IsEmpty());
  EXPECT_EQ(comparison.accepted, 2U);
  EXPECT_EQ(comparison.unexplained, 1U);
}

// Results of an older or another program may have no signatures.
TEST(Gate, TakesTheVerdictForAMissingSignature) {
  CaseResult bare = failing;
  bare.signature.clear();
  EXPECT_THAT(found(run_of({bare}), accepted), ElementsAre("other-signature run.a"));
  EXPECT_THAT(found(run_of({bare}), entry_of("case = \"run.a\"", "fail")), IsEmpty());
}

} // namespace
} // namespace pep554::gate
