#include "harness/gate/update.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "harness/gate/gate.h"
#include "harness/gate/testing/runs.h"

namespace pep554::gate {
namespace {

using test::now;
using test::one_case;
using test::read_text;
using test::run_of;
using testing::HasSubstr;
using testing::IsEmpty;

// The text after an update; "" with the problem, when it was refused.
std::string updated(const std::string& text, const RunResult& run, std::string* problem = nullptr) {
  const auto done = update(text, read_text(text), run, now);
  const std::string why = done ? "" : to_string(done.error());
  if (problem != nullptr)
    *problem = why;
  else
    EXPECT_EQ(why, "");
  return done ? done->text : "";
}

std::vector<std::string> findings(const RunResult& run, const Baseline& baseline, Date today) {
  const auto versions = versions_of(baseline, run.target);
  std::vector<std::string> lines;
  if (!versions)
    lines.push_back(to_string(versions.error()));
  for (const Finding& one :
       compare(run, baseline, versions.value_or(std::vector<std::string>()), today).findings)
    lines.push_back(std::string(to_string(one.reason)) + " " + one.subject + ": " + one.text);
  return lines;
}

const char* const begun =
    R"(# Accepted deviations of plugin:mine.so. pep554 gate compares a run with this file; --update rewrites it
# and keeps reasons and comments.

[[deviation]]
property = "p"
verdict = "flaky"
signature = "flaky crash run SIGABRT"
reason = "no reason given yet"
expires = 2027-02-27

[[deviation]]
case = "run.a"
verdict = "fail"
signature = "fail run ValueError"
reason = "no reason given yet"

# What has to be judged: pep554 gate --update writes this list.
[judged]
property = ["p"]
run = ["a", "b"]
)";

TEST(Update, BeginsAFile) {
  const RunResult run = run_of({one_case("run.a", "fail run ValueError"), one_case("run.b", "pass"),
                                one_case("property.p", "flaky crash run SIGABRT")});
  EXPECT_EQ(updated("", run), begun);
  EXPECT_EQ(updated(begun, run), begun) << "an update without changes";
}

struct UpdateRow {
  const char* what;
  std::string before;
  RunResult run;
  std::string after;
};

const std::string judged = "\n[judged] # all\nrun = [\"a\", \"b\"]\n";

std::string entry(const std::string& more, const std::string& signature = "fail run") {
  return "[[deviation]]\ncase    = 'run.a'  # the case\n" + more + "verdict = \"" +
         signature.substr(0, signature.find(' ')) + "\"\nsignature = \"" + signature +
         "\"\nreason = '''\nwith care''' # and a comment\n";
}

TEST(Update, KeepsReasonsCommentsAndOrder) {
  const CaseResult fails = one_case("run.a", "fail run ValueError");
  const CaseResult crashes = one_case("run.a", "crash run SIGABRT");
  const CaseResult passes = one_case("run.a", "pass");
  const CaseResult other = one_case("run.b", "pass");
  const std::string added = "\n[[deviation]]\ncase = \"run.b\"\nverdict = \"hang\"\n"
                            "signature = \"hang run\"\nreason = \"no reason given yet\"\n";
  const std::vector<UpdateRow> table{
      {"a less exact signature still applies", "# head\n\n" + entry("") + judged,
       run_of({fails, other}), "# head\n\n" + entry("") + judged},
      {"an entry that applies no more", "# head\n\n# of it\n" + entry("") + judged,
       run_of({passes, other}), "# head\n" + judged},
      {"another verdict", "# head\n\n" + entry("link = \"l\"\n") + judged, run_of({crashes, other}),
       "# head\n\n" + entry("link = \"l\"\n", "crash run SIGABRT") + judged},
      {"a new deviation", entry("") + judged, run_of({fails, one_case("run.b", "hang run")}),
       entry("") + added + judged},
      {"a new case, and one that is gone", entry("") + judged,
       run_of({fails, one_case("run.c", "pass"), one_case("x.d", "pass")}),
       entry("") + "\n[judged] # all\nrun = [\"a\", \"c\"]\nx = [\"d\"]\n"},
      {"no list of what was judged", entry(""), run_of({fails}),
       entry("") + "\n# What has to be judged: pep554 gate --update writes this list.\n"
                   "[judged]\nrun = [\"a\"]\n"},
      {"an entry that expired", entry("expires = 2026-01-01\n") + judged, run_of({fails, other}),
       entry("expires = 2026-01-01\n") + judged},
      {"a clause of which all cases deviate",
       "[[deviation]]\nclause = \"c\"\nverdict = \"fail\"\n"
       "signature = \"fail run\"\nreason = \"r\"\n" +
           judged,
       run_of({one_case("run.a", "fail run TypeError", {"c"}),
               one_case("run.b", "fail run ValueError", {"c"})}),
       "[[deviation]]\nclause = \"c\"\nverdict = \"fail\"\n"
       "signature = \"fail run\"\nreason = \"r\"\n" +
           judged},
      {"a clause of which a case passes",
       "[[deviation]]\nclause = \"c\"\nverdict = \"fail\"\nsignature = \"fail run\"\n"
       "reason = \"r\"\nlink = \"l\"\n" +
           judged,
       run_of({one_case("run.a", "fail run TypeError", {"c"}), one_case("run.b", "pass", {"c"})}),
       "\n[[deviation]]\ncase = \"run.a\"\nverdict = \"fail\"\nsignature = \"fail run TypeError\"\n"
       "reason = \"r\"\nlink = \"l\"\n" +
           judged.substr(1)},
  };
  for (const UpdateRow& row : table)
    EXPECT_EQ(updated(row.before, row.run), row.after) << row.what;
}

const std::string versions = "implementation = \"mine\"\n[versions]\n\"1.0\" = { a = \"\" } # old\n"
                             "\"1.1\" = { a = \"\" }\n\n";

TEST(Update, ChangesOnlyWhatIsForTheTargetsVersion) {
  const std::string rest = "\n[judged]\nrun = [\"a\"]\n";
  const CaseResult fails = one_case("run.a", "fail run");
  const CaseResult crashes = one_case("run.a", "crash run");
  const CaseResult passes = one_case("run.a", "pass");
  const std::string both = "versions = [\"1.0\", \"1.1\"]\n";
  const auto added = [](const std::string& signature, const std::string& version) {
    return "\n[[deviation]]\ncase = \"run.a\"\nverdict = \"" +
           signature.substr(0, signature.find(' ')) + "\"\nsignature = \"" + signature +
           "\"\nversions = [\"" + version + "\"]\nreason = \"with care\"\n";
  };
  const std::vector<UpdateRow> table{
      {"it passes in one", versions + entry(both) + rest, run_of({passes}, "1.1"),
       versions + entry("versions = [\"1.0\"]\n") + rest},
      {"it passes in one of all", versions + entry("") + rest, run_of({passes}, "1.1"),
       versions +
           "[[deviation]]\ncase    = 'run.a'  # the case\nverdict = \"fail\"\n"
           "signature = \"fail run\"\nversions = [\"1.0\"]\nreason = '''\nwith care''' "
           "# and a comment\n" +
           rest},
      {"it passes in the only one", versions + entry("versions = [\"1.1\"]\n") + rest,
       run_of({passes}, "1.1"), versions.substr(0, versions.size() - 1) + rest},
      {"it deviates in another way in one", versions + entry(both) + rest, run_of({crashes}, "1.1"),
       versions + entry("versions = [\"1.0\"]\n") + added("crash run", "1.1") + rest},
      {"it deviates in another way in the only one",
       versions + entry("versions = [\"1.1\"]\n") + rest, run_of({crashes}, "1.1"),
       versions + entry("versions = [\"1.1\"]\n", "crash run") + rest},
      {"it deviates as in another version", versions + entry("versions = [\"1.0\"]\n") + rest,
       run_of({fails}, "1.1"), versions + entry(both) + rest},
      {"it deviates as in another version, against its own entry",
       versions + entry("versions = [\"1.0\"]\n") + "\n" +
           entry("versions = [\"1.1\"]\n", "crash run") + rest,
       run_of({fails}, "1.1"), versions + entry(both) + rest},
      {"it deviates in a version that is not listed",
       versions + entry("versions = [\"1.0\"]\n") + rest, run_of({fails}, "1.2"),
       versions.substr(0, versions.size() - 1) + "\"1.2\" = { a = \"\" }\n\n" +
           entry("versions = [\"1.0\", \"1.2\"]\n") + rest},
  };
  for (const UpdateRow& row : table)
    EXPECT_EQ(updated(row.before, row.run), row.after) << row.what;
}

struct Refused {
  RunResult run;
  std::string problem;
};

// A run of the tables alone knows nothing of them.
TEST(Update, IsRefusedWhereNoPropertyOfTheEntriesWasRun) {
  const std::string text = "[[deviation]]\nproperty = \"ids-differ\"\nverdict = \"fail\"\n"
                           "signature = \"fail\"\nreason = \"r\"\n";
  std::string problem;
  EXPECT_EQ(updated(text, run_of({one_case("run.a", "pass")}), &problem), "");
  EXPECT_THAT(problem, HasSubstr("b.toml:1 is of a property, and none was run (--examples 0)"));
}

TEST(Update, IsRefusedWithoutAFullRunOfThisTarget) {
  const std::string text = versions + "[judged]\nrun = [\"a\"]\nother = [\"b\"]\n";
  RunResult filtered = run_of({one_case("run.a", "pass")}, "1.0");
  filtered.filter = "run.*";
  RunResult shard = run_of({one_case("run.a", "pass")}, "1.0");
  shard.shard = "1/2";
  RunResult interrupted = filtered;
  interrupted.unreached = 1;
  RunResult unsupported = filtered;
  unsupported.target.unsupported_reason = "it has no subinterpreters";
  RunResult other = run_of({one_case("run.a", "pass"), one_case("other.b", "pass")}, "1.0");
  other.target.facts = {{"implementation", "yours"}, {"version", "1.0"}};
  RunResult facts = other;
  facts.target.facts = {{"implementation", "mine"}, {"version", "1.0"}, {"a", "b"}};
  const std::vector<Refused> table{
      {filtered, "b.toml: not updated: only a selection was run: run.*"},
      {shard, "b.toml: not updated: only a selection was run: shard 1/2"},
      {interrupted, "b.toml: not updated: the run was interrupted: 1 of 1 cases were not run"},
      {unsupported, "b.toml: not updated: nothing was judged: it has no subinterpreters"},
      {run_of({}, "1.0"), "b.toml: not updated: the results have no case"},
      {run_of({one_case("run.a", "pass")}, "1.0"),
       "b.toml: not updated: b.toml:6 lists cases of \"other\", and none of them was run"},
      {run_of({one_case("run.a", "not-run"), one_case("other.b", "pass")}, "1.0"),
       "b.toml: not updated: run.a has no result: not-run: why run.a"},
      {run_of({one_case("run.a", "host-fault"), one_case("other.b", "pass")}, "1.0"),
       "b.toml: not updated: run.a has no result: host-fault: why run.a"},
      {other, "b.toml: is a baseline of the implementation \"mine\""},
      {facts, "b.toml:3:1: version \"1.0\" is listed with a \"\", and the target's a is \"b\""},
      {run_of({one_case("run.a", "pass"), one_case("other.b", "pass")}), "the target says that"},
  };
  for (const Refused& one : table) {
    std::string problem;
    EXPECT_EQ(updated(text, one.run, &problem), "");
    EXPECT_THAT(problem, HasSubstr(one.problem));
  }
}

TEST(Update, IsRefusedForAFileOfAnotherForm) {
  const std::vector<std::string> texts{"deviation = [{ case = \"run.a\", verdict = \"fail\", "
                                       "signature = \"fail\", reason = \"r\" }]\n",
                                       "judged = { run = [\"b\"] }\n"};
  for (const std::string& text : texts) {
    std::string problem;
    EXPECT_EQ(updated(text, run_of({one_case("run.a", "pass")}), &problem), "") << text;
    EXPECT_THAT(problem, HasSubstr("b.toml: not updated: the file is of a form that cannot be"));
  }
}

TEST(Update, SaysWhatItChanged) {
  const std::string text = entry("") + "[judged]\nrun = [\"a\", \"z\"]\n";
  const auto done =
      update(text, read_text(text),
             run_of({one_case("run.a", "crash run"), one_case("run.b", "hang run")}), now);
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_THAT(done->changes,
              testing::ElementsAre("gone: run.z: the results do not have it",
                                   "listed as judged: 1 more", "added: run.b: hang run",
                                   "changed: run.a: crash run, was fail run"));
}

rc::Gen<std::string> id() {
  return rc::gen::element<std::string>("run.a", "run.b", "id.c", "id.d", "property.e",
                                       "property.f");
}

rc::Gen<RunResult> run() {
  const auto signature = rc::gen::element<std::string>(
      "pass", "pass", "observed", "fail run", "fail run ValueError", "crash run SIGABRT",
      "crash run", "flaky fail run", "unsupported", "blocked create", "leak memory create");
  using Clauses = std::vector<std::string>;
  const auto clauses = rc::gen::elementOf(
      std::vector<Clauses>{{}, {"run.clause"}, {"id.clause"}, {"run.clause", "id.clause"}});
  const auto result = rc::gen::map(rc::gen::tuple(id(), signature, clauses),
                                   [](const auto& parts) { return std::apply(one_case, parts); });
  const auto cases = rc::gen::uniqueBy<std::vector<CaseResult>>(
      4, result, [](const CaseResult& each) { return each.id; });
  return rc::gen::map(rc::gen::pair(cases, rc::gen::element<std::string>("1.0", "1.1", "2.0")),
                      [](const auto& parts) { return run_of(parts.first, parts.second); });
}

// A baseline over the same names: some entries fit the run, and some do not.
rc::Gen<std::string> baseline_text() {
  const auto subject = rc::gen::oneOf(
      rc::gen::map(id(), [](const std::string& name) { return "case = \"" + name + "\""; }),
      rc::gen::element<std::string>("property = \"e\"", "clause = \"run.clause\"",
                                    "clause = \"id.clause\""));
  const auto rest = rc::gen::element<std::string>(
      "verdict = \"fail\"\nsignature = \"fail run\"\n",
      "verdict = \"crash\"\nsignature = \"crash run SIGABRT\"\n",
      "verdict = \"flaky\"\nsignature = \"flaky fail\"\nexpires = 2026-12-31\n",
      "verdict = \"unsupported\"\nsignature = \"unsupported\"\n");
  const auto versions_of_entry =
      rc::gen::element<std::string>("", "versions = [\"1.0\"]\n", "versions = [\"1.*\"]\n",
                                    "versions = [\n\"1.0\", # c\n\"2.0\"]\n");
  const auto one =
      rc::gen::map(rc::gen::tuple(subject, rest, versions_of_entry), [](const auto& parts) {
        return "# of it\n[[deviation]]\n" + std::get<0>(parts) + "\n" + std::get<1>(parts) +
               std::get<2>(parts) + "reason = \"r\"\n\n";
      });
  return rc::gen::map(rc::gen::resize(6, rc::gen::container<std::vector<std::string>>(one)),
                      [](const std::vector<std::string>& entries) {
                        // Only as many entries as do not exclude each other.
                        std::string text =
                            "# head\nimplementation = \"mine\"\n[versions]\n\"1.0\" = {}\n"
                            "\"1.*\" = {}\n\"2.0\" = {}\n\n";
                        for (const std::string& each : entries) {
                          Diagnostics diagnostics;
                          if (baseline_from(text + each, "b.toml", diagnostics))
                            text += each;
                        }
                        return text;
                      });
}

// Whatever the file said, after an update from a run the gate has nothing against that run, and an
// update from it again changes nothing. What the file says of other versions stays.
RC_GTEST_PROP(Update, MakesTheGateAcceptTheSameRun, ()) {
  const RunResult shown = *run();
  const RunResult other = *run();
  const std::string text = *baseline_text();
  const auto done = update(text, read_text(text), shown, now);
  if (!done) // no case
    RC_DISCARD("refused");
  const Baseline after = read_text(done->text);
  RC_ASSERT(findings(shown, after, now).empty());
  RC_ASSERT(update(done->text, after, shown, now)->text == done->text);
  RC_ASSERT(
      done->text.starts_with("# head\nimplementation = \"mine\"\n[versions]\n\"1.0\" = {}\n"));
  const auto is_of_old = [&](const RunResult& one) {
    return fact(one.target, "version").front() != fact(shown.target, "version").front();
  };
  if (is_of_old(other)) {
    Baseline before = read_text(text);
    Baseline later = after;
    later.judged.clear();
    RC_ASSERT(findings(other, later, now).size() == findings(other, before, now).size());
  }
}

} // namespace
} // namespace pep554::gate
