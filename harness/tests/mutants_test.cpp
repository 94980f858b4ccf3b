// The suite against mutants, modules with one fault each: the clause that a fault breaks detects
// it, or generated programs do; the module without a fault is not accused.
#include <fstream>
#include <regex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/engine/verdict.h"
#include "harness/tests/command.h"

namespace pep554::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
namespace fs = std::filesystem;

const fs::path mutants = fs::path(PEP554_BUILD_DIR) / "mutants";

// What it changes is in the tree of the sources.
std::string target(const std::string& mutant) {
  ::setenv("PEP554_READABLE", PEP554_SOURCE_DIR "/harness/tests/mutants", 1);
  return "cpython:" PEP554_LIBPYTHON ",path=" + (mutants / mutant).string();
}

struct Mutant {
  nlohmann::json row; // of the table, whose fields mutants/mutant.py describes
  bool quick;
  std::string operator[](const char* field) const { return row.at(field); }
};

void PrintTo(const Mutant& mutant, std::ostream* out) {
  *out << mutant["name"];
}

std::string test_name(const testing::TestParamInfo<Mutant>& info) {
  std::string name = info.param["name"];
  std::ranges::replace(name, '-', '_');
  return name;
}

// By a clause, each for the quick tests and for the others; or ("kind") by generated programs.
std::vector<Mutant> detected_by(const char* field, bool quick) {
  std::vector<Mutant> those;
  for (const auto& row : nlohmann::json::parse(read_file(mutants / "mutants.json")))
    if (row.contains(field) && row.value("quick", quick) == quick)
      those.push_back({row, quick});
  return those;
}

class ClauseMutant : public testing::TestWithParam<Mutant> {};

// Quick: by the cases of its clause, which make no claim about conformance. Else by all cases.
TEST_P(ClauseMutant, IsDetectedByItsClause) {
  const Mutant& mutant = GetParam();
  const std::string clause = mutant["clause"];
  const fs::path out = fresh_folder();
  std::vector<std::string> run{"run", "-q", "--timeout", "5", "--out", out.string()};
  run.insert(run.end(), {"--target", target(mutant["name"])});
  if (mutant.quick)
    run.insert(run.end(), {"--filter", clause});
  const Finished finished = pep554(run);
  EXPECT_EQ(finished.code, 1) << finished.err;
  const auto found = verdict_from(verdict(results(out), "clauses", clause));
  ASSERT_TRUE(found) << clause;
  EXPECT_TRUE(is_failure(*found)) << clause << ": " << to_string(*found);
  const std::string page = read_file(out / "index.html");
  EXPECT_THAT(page, HasSubstr(mutant.quick ? "No claim about conformance" : "not conformant"));
  EXPECT_THAT(page, HasSubstr(clause));
}

INSTANTIATE_TEST_SUITE_P(Quick, ClauseMutant, testing::ValuesIn(detected_by("clause", true)),
                         test_name);
INSTANTIATE_TEST_SUITE_P(Campaign, ClauseMutant, testing::ValuesIn(detected_by("clause", false)),
                         test_name);

// Steps of a table's longest program, except those that only keep the lanes in order.
long actions_in(const std::string& table) {
  static const std::regex word("do = \"(\\w+)\"|\\[\\[case\\]\\]");
  long actions = 0;
  long most = 0;
  for (std::sregex_iterator one(table.begin(), table.end(), word), end; one != end; ++one) {
    const std::string op = (*one)[1];
    actions = op.empty() ? 0 : actions + (op != "open" && op != "wait" ? 1 : 0);
    most = std::max(most, actions);
  }
  return most;
}

// The table of a failure: one program, or two that are compared.
std::string table_in(const fs::path& folder) {
  const fs::path one = folder / "finding.toml";
  return read_file(fs::exists(one) ? one : folder / "pair.toml");
}

Finished search(const std::string& mutant, unsigned seed, const std::vector<std::string>& options,
                const fs::path& out) {
  std::vector<std::string> arguments{
      "properties",       "-q", "--anew",   "--first",      "--seed", std::to_string(seed),
      "--shrink-seconds", "60", "--target", target(mutant), "--out",  out.string()};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return pep554(arguments);
}

class SequenceMutant : public testing::TestWithParam<Mutant> {};

TEST_P(SequenceMutant, IsFoundAndShrunk) {
  const Mutant& mutant = GetParam();
  const fs::path out = fresh_folder();
  const std::string kind = mutant["kind"];
  const std::string shortest = mutant["shortest"];
  const long most_actions = std::ranges::count(shortest, ';') + 2; // one more
  const char* timeout = kind.starts_with("hang") ? "2.5" : "10";   // each hang takes as long
  const Finished finished = search(mutant["name"], mutant.row.at("seed"),
                                   {"--examples", "20000", "--timeout", timeout}, out);
  EXPECT_EQ(finished.code, 1) << finished.out << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("reproduced in 5 of 5 executions"));
  EXPECT_THAT(finished.left, testing::IsEmpty());
  size_t found = 0;
  for (const auto& folder : fs::directory_iterator(out / "failures")) {
    const std::string table = table_in(folder.path());
    EXPECT_THAT(table, ContainsRegex("title = \"(" + kind + "): "));
    EXPECT_LE(actions_in(table), most_actions) << table;
    ++found;
  }
  EXPECT_GE(found, 1U);
}

INSTANTIATE_TEST_SUITE_P(Quick, SequenceMutant, testing::ValuesIn(detected_by("kind", true)),
                         test_name);
INSTANTIATE_TEST_SUITE_P(Campaign, SequenceMutant, testing::ValuesIn(detected_by("kind", false)),
                         test_name);

TEST(Mutants, ThatAreQuicklyFoundAreOfDifferentKinds) {
  std::set<std::string> kinds;
  for (const Mutant& one : detected_by("kind", true))
    kinds.insert(one["kind"].substr(0, one["kind"].find(' ')));
  EXPECT_EQ(kinds, (std::set<std::string>{"broken-at-exit", "crash", "fail"}));
}

// This property executes its examples many times in one process.
TEST(Mutants, ThatARepeatedProgramShowsAreShrunkToOneThatIsNot) {
  const fs::path out = fresh_folder();
  const Finished finished =
      search("third-create-comes-again", 2,
             {"--examples", "20", "--timeout", "10", "--property", "run-gives-back"}, out);
  EXPECT_EQ(finished.code, 1) << finished.out << finished.err;
  const std::string table = table_in(out / "failures/fail-create");
  EXPECT_THAT(table, testing::Not(HasSubstr("repeat =")));
  EXPECT_LE(actions_in(table), 5) << table;
}

TEST(CorrectModule, IsNotAccusedByTheCases) {
  const fs::path out = fresh_folder();
  const Finished finished =
      pep554({"run", "--quiet", "--target", target("correct"), "--out", out.string()});
  EXPECT_EQ(finished.code, 0) << finished.out << finished.err;
}

// Only leaks.questions asks so often, and cites an open clause alone.
TEST(CorrectModule, IsNotConformantIfAProcessDiesInACaseAboutAnOpenClause) {
  const fs::path out = fresh_folder();
  ::setenv("PEP554_READABLE", PEP554_SOURCE_DIR "/harness/tests/mutants", 1);
  std::ofstream(out / "interpreters.py") << read_file(mutants / "correct/interpreters.py") << R"(
import posix
calls = iter(range(1000))
def is_running(self, ask=Interpreter.is_running):
    if next(calls, None) is None:
        posix.abort()
    return ask(self)
Interpreter.is_running = is_running
)";
  const Finished finished =
      pep554({"run", "--quiet", "--target", "cpython:" PEP554_LIBPYTHON ",path=" + out.string(),
              "--out", out / "report"});
  EXPECT_EQ(finished.code, 1) << finished.out << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("is not conformant to the first draft of PEP 554: 80 of 81"));
  const nlohmann::json document = results(out / "report");
  EXPECT_EQ(verdict(document, "cases", "leaks.questions"), "crash");
  EXPECT_EQ(verdict(document, "clauses", "isolation.survives"), "crash");
  EXPECT_THAT(read_file(out / "report/junit.xml"),
              HasSubstr("Clauses: module.frees, isolation.survives"));
  EXPECT_THAT(read_file(out / "report/index.html"), HasSubstr("Not conformant"));
}

TEST(CorrectModule, IsNotAccusedByGeneratedPrograms) {
  const fs::path out = fresh_folder();
  const Finished finished = search("correct", 1, {"--examples", "150", "--timeout", "10"}, out);
  EXPECT_EQ(finished.code, 0) << finished.out << finished.err;
  EXPECT_FALSE(fs::exists(out / "failures"));
}

} // namespace
} // namespace pep554::test
