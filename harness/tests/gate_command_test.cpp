// pep554 gate, run --baseline and diff as their users meet them: exit codes and lines.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/tests/command.h"

namespace pep554::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
namespace fs = std::filesystem;

void write(const fs::path& file, const std::string& text) {
  std::ofstream(file) << text;
}

// Two cases: one that every implementation passes, and one that none does.
const char* const table = R"toml(
about = "Two cases."

[[case]]
name = "passes"
title = "There is a list"
clauses = ["enumerate.all"]
steps = [{ do = "enumerate", expect = "ok" }]

[[case]]
name = "fails"
title = "Code that raises returns"
clauses = ["create.initializes"]
steps = [
  { do = "create", as = "a" },
  { do = "run", on = "a", code = "raise ValueError()", expect = "ok" },
]
)toml";

class Gate : public testing::Test {
protected:
  Gate() {
    fs::create_directories(out_ / "tables");
    write(out_ / "tables/own.toml", table);
  }

  Finished run(const std::vector<std::string>& more) const {
    std::vector<std::string> words{"run", "-q", "--cases", out_ / "tables", "--out", report()};
    words.insert(words.end(), more.begin(), more.end());
    return pep554(words);
  }
  Finished gate(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words{"gate", "--results", report(), "--baseline", baseline()};
    words.insert(words.end(), more.begin(), more.end());
    return pep554(words);
  }
  std::string report() const { return out_ / "report"; }
  std::string baseline() const { return out_ / "own.toml"; }

  const fs::path out_ = fresh_folder();
};

TEST_F(Gate, AcceptsTheRunThatBeganTheBaselineAndTheNext) {
  const Finished first = run({"--baseline", baseline(), "--update"});
  EXPECT_EQ(first.code, 0) << first.out << first.err;
  EXPECT_THAT(first.out, AllOf(HasSubstr("added: own.fails: fail run"),
                               HasSubstr("own.toml: as expected; accepted deviations: 1\n")));
  EXPECT_THAT(read_file(baseline()), HasSubstr("\n[judged]\nown = [\"fails\", \"passes\"]\n"));
  const Finished second = run({"--baseline", baseline()});
  EXPECT_EQ(second.code, 0) << second.out << second.err;
  EXPECT_EQ(gate().code, 0);
  const std::string text = read_file(baseline());
  const Finished third = gate({"--update"});
  EXPECT_EQ(third.code, 0);
  EXPECT_THAT(third.out, HasSubstr("own.toml: nothing to update"));
  EXPECT_EQ(read_file(baseline()), text);
}

TEST_F(Gate, FailsOnWhatTheBaselineDoesNotExpect) {
  ASSERT_EQ(run({}).code, 1);
  write(baseline(), "[[deviation]]\ncase = \"own.passes\"\nverdict = \"crash\"\n"
                    "signature = \"crash run\"\nreason = \"r\"\n");
  const Finished finished = gate();
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(finished.out,
              AllOf(HasSubstr("unexpected      own.fails: fail, signature \"fail run"),
                    HasSubstr("unexpected-pass own.passes: " + baseline() + ":1:1 "),
                    HasSubstr("own.toml: has no [judged]"),
                    HasSubstr("own.toml: not as expected, findings: 2; accepted deviations: 0\n")));
}

TEST_F(Gate, RefusesABaselineBeforeAnythingIsRun) {
  write(baseline(), "[[deviation]]\ncase = \"a\"\n");
  const Finished bad = run({"--baseline", baseline()});
  EXPECT_EQ(bad.code, 2);
  EXPECT_THAT(bad.err, HasSubstr("own.toml:1:1: expected \"verdict\" = a string"));
  const Finished absent = run({"--baseline", (out_ / "none.toml").string()});
  EXPECT_EQ(absent.code, 2);
  EXPECT_THAT(absent.err, HasSubstr("none.toml: there is no such file: expected a baseline"));
  EXPECT_FALSE(fs::exists(report()));
}

TEST_F(Gate, OfASelectionThatARunWasAskedForIsThatAlone) {
  ASSERT_EQ(run({"--baseline", baseline(), "--update"}).code, 0);
  const Finished fails = run({"--filter", "case=own.fails", "--baseline", baseline()});
  EXPECT_EQ(fails.code, 0) << fails.out;
  EXPECT_THAT(fails.out, HasSubstr("own.toml: as expected; accepted deviations: 1\n"));
  EXPECT_EQ(gate().code, 1); // which was not asked for a part
  EXPECT_EQ(run({"--filter", "case=own.passes", "--baseline", baseline()}).code, 0);
  write(baseline(), "[judged]\nown = [\"fails\", \"passes\"]\n");
  EXPECT_EQ(run({"--filter", "case=own.fails", "--baseline", baseline()}).code, 1);
}

TEST_F(Gate, UpdatesFromNoPart) {
  ASSERT_EQ(run({"--filter", "own.passes"}).code, 0);
  const Finished update = gate({"--update"});
  EXPECT_EQ(update.code, 2);
  EXPECT_THAT(update.err, HasSubstr("own.toml: not updated: only a selection was run: own.passes"));
  EXPECT_FALSE(fs::exists(baseline()));
  write(baseline(), "[judged]\nown = [\"fails\", \"passes\"]\n");
  EXPECT_THAT(gate().out, StartsWith("partial-run     only a selection was run: own.passes"));
  const Finished both = run({"--filter", "own.*", "--baseline", baseline(), "--update"});
  EXPECT_EQ(both.code, 2) << both.out;
  EXPECT_EQ(run({"--update"}).code, 2);
}

TEST_F(Gate, IsOfTheVersionsThatItLists) {
  ASSERT_EQ(run({}).code, 1);
  write(baseline(), "[versions]\n\"0.1\" = {}\n");
  const Finished finished = gate();
  EXPECT_EQ(finished.code, 2);
  EXPECT_THAT(finished.err, HasSubstr("own.toml: does not list the target's version \"3."));
  EXPECT_THAT(finished.out, IsEmpty());
}

TEST_F(Gate, FollowsALinkAndKeepsIt) {
  ASSERT_EQ(run({}).code, 1);
  write(out_ / "real.toml", "# head\n");
  fs::create_symlink("real.toml", baseline());
  EXPECT_EQ(gate({"--update"}).code, 0);
  EXPECT_TRUE(fs::is_symlink(baseline()));
  EXPECT_THAT(read_file(out_ / "real.toml"), StartsWith("# head\n\n[[deviation]]\n"));
}

TEST_F(Gate, RefusesResultsThatAreNone) {
  write(out_ / "results.json", "{}");
  write(baseline(), "");
  const Finished finished =
      pep554({"gate", "--results", out_ / "results.json", "--baseline", baseline()});
  EXPECT_EQ(finished.code, 2);
  EXPECT_THAT(finished.err, HasSubstr("results.json: /schema: is missing"));
  EXPECT_EQ(pep554({"gate", "--results", out_, "--baseline", baseline()}).code, 2);
  EXPECT_EQ(pep554({"diff", out_, out_}).code, 2);
}

TEST_F(Gate, DiffSaysWhatChanged) {
  ASSERT_EQ(run({}).code, 1);
  fs::rename(report(), out_ / "before");
  std::string better(table);
  better.replace(better.find("raise ValueError()"), 18, "pass");
  write(out_ / "tables/own.toml", better);
  ASSERT_EQ(run({}).code, 0);
  const Finished fixed = pep554({"diff", out_ / "before", report()});
  EXPECT_EQ(fixed.code, 0);
  EXPECT_THAT(fixed.out, StartsWith("fixed          own.fails: fail run "));
  const Finished broken =
      pep554({"diff", report(), out_ / "before/results.json", "--format", "markdown"});
  EXPECT_EQ(broken.code, 1);
  EXPECT_THAT(broken.out, AllOf(StartsWith("### pep554: 1 broken\n"),
                                HasSubstr("| broken | own.fails | pass -\\> fail run ")));
  const Finished json = pep554({"diff", report(), report(), "--format", "json"});
  EXPECT_EQ(json.code, 0);
  EXPECT_EQ(nlohmann::json::parse(json.out).at("changes"), nlohmann::json::array());
}

} // namespace
} // namespace pep554::test
