// What the program says about itself: help, versions, lists, explanations.
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/tests/command.h"

namespace pep554::test {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::StartsWith;
namespace fs = std::filesystem;

TEST(Help, HasExamples) {
  const Finished finished = pep554({"--help"});
  EXPECT_EQ(finished.code, 0);
  EXPECT_THAT(finished.out,
              AllOf(HasSubstr("pep554 run --target cpython:"),
                    HasSubstr("Exit codes: 0 conformant"), HasSubstr("6 interrupted")));
  EXPECT_THAT(pep554({"run", "--help"}).out, AllOf(HasSubstr("--filter"), HasSubstr("Exit codes")));
  EXPECT_THAT(pep554({"--version"}).out, StartsWith("pep554 0."));
}

// With these a reader of results can find what made them, and the other way round.
TEST(Usage, TheVersionNamesWhatResultsName) {
  const fs::path out = fresh_folder();
  pep554({"run", "-q", "--out", out.string(), "--filter", "case=id.exists"});
  const nlohmann::json run = results(out);
  const std::string version = pep554({"--version"}).out;
  EXPECT_THAT(run.at("commit").get<std::string>(), MatchesRegex("[0-9a-f]+(-dirty)?|unknown"));
  EXPECT_THAT(version, StartsWith("pep554 " + run.at("version").get<std::string>() + " (commit " +
                                  run.at("commit").get<std::string>() + ", text sha256 " +
                                  run.at("text_sha256").get<std::string>().substr(0, 12) +
                                  ", tables sha256 "));
  EXPECT_THAT(version, MatchesRegex(".*, tables sha256 [0-9a-f]+\\)\n"));
}

TEST(List, ShowsCasesClausesAndTargets) {
  EXPECT_THAT(pep554({"list", "cases"}).out, HasSubstr("destroy.removes-from-the-list"));
  EXPECT_THAT(pep554({"list", "clauses"}).out,
              AllOf(HasSubstr("enumerate.all"), HasSubstr("stated"), HasSubstr("implied")));
}

TEST(List, ListsTheTargetsOfThisMachine) {
  EXPECT_THAT(pep554({"list", "targets"}).out,
              AllOf(HasSubstr("  reference\n    cpython 3.11."),
                    HasSubstr("adapter=xxsubinterpreters"), HasSubstr(PEP554_LIBPYTHON)));
  const Finished toml = pep554({"list", "targets", "--toml"});
  EXPECT_THAT(toml.out, HasSubstr("[[target]]\nname = 'reference'\ntarget = 'reference'\n"));
  EXPECT_EQ(toml.code, 0);
  EXPECT_EQ(pep554({"list", "cases", "--toml"}).code, 2);
  EXPECT_EQ(pep554({"list", "clauses", "--filter", "id.exists"}).code, 2);
}

// Case and clause are called alike, and other cases judge that clause.
TEST(List, AFilterIsOfCasesOfClausesOrOfBoth) {
  const auto listed = [](const std::string& pattern) {
    std::vector<std::string> ids;
    std::istringstream lines(pep554({"list", "cases", "--filter", pattern}).out);
    for (std::string line; std::getline(lines, line);)
      ids.push_back(line.substr(0, line.find(' ')));
    return ids;
  };
  EXPECT_THAT(listed("case=destroy.main"), ElementsAre("destroy.main"));
  const auto of_clause = listed("clause=destroy.main");
  EXPECT_GT(of_clause.size(), 1U);
  EXPECT_EQ(listed("destroy.main"), of_clause); // the case judges it, too
  EXPECT_GT(listed("case=run.*").size(), 20U);
  EXPECT_THAT(listed("case=run.*"), Each(StartsWith("run.")));
  const Finished none = pep554({"list", "cases", "--filter", "case=run.nmaes"});
  EXPECT_EQ(none.code, 4);
  EXPECT_THAT(
      none.err,
      HasSubstr("no case and no property matches \"case=run.nmaes\" (did you mean run.names?)"));
}

TEST(Explain, ExplainsAClauseAndACase) {
  const Finished clause = pep554({"explain", "destroy.removes"});
  EXPECT_EQ(clause.code, 0);
  EXPECT_THAT(clause.out, AllOf(HasSubstr("implied"),
                                HasSubstr("destroy.destroys (stated): \"Finalize and destroy"),
                                HasSubstr("destroy.removes-from-the-list:")));
  EXPECT_THAT(pep554({"explain", "destroy.destroys"}).out,
              HasSubstr("quote: \"Finalize and destroy the interpreter.\""));
  const Finished one = pep554({"explain", "run.waits-for-the-end"});
  EXPECT_EQ(one.code, 0);
  EXPECT_THAT(one.out, AllOf(HasSubstr("thread 1:"), HasSubstr("expected: the code emits end"),
                             HasSubstr("pep554 run --filter case=run.waits-for-the-end")));
  const Finished none = pep554({"explain", "destroy.nothing"});
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, HasSubstr("there are destroy."));
}

TEST(Start, StartsWithClosedStreams) {
  const Finished finished =
      run({"sh", "-c", PEP554_BUILD_DIR "/bin/pep554 list cases | head -n 1"});
  EXPECT_EQ(finished.code, 0);
  EXPECT_THAT(finished.left, IsEmpty());
}

} // namespace
} // namespace pep554::test
