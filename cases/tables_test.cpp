// The project's tables, and the errors of malformed ones.
#include "cases/tables.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/testing/scratch_folder.h"

namespace pep554 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
namespace fs = std::filesystem;

const fs::path source = PEP554_SOURCE_DIR;

class TablesTest : public testing::Test {
protected:
  TablesTest() {
    clauses.clauses = {{"x.stated", ClauseKind::stated, "q", "s", "", {}, {}},
                       {"x.open", ClauseKind::open, "", "s", "", {}, {}}};
  }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder / name) << text;
  }

  std::vector<Case> load() {
    Diagnostics diagnostics;
    auto cases = load_cases(folder, "t", clauses, diagnostics);
    for (const Error& one : diagnostics.sorted())
      errors.push_back(to_string(one));
    return cases;
  }

  // A table with one row, whose steps are given.
  std::vector<std::string> errors_of_steps(const std::string& steps) {
    write("a.toml",
          "about = \"a\"\n[[case]]\nname = \"n\"\ntitle = \"T\"\nclauses = [\"x.stated\"]\n"
          "steps = [\n" +
              steps + "\n]\n");
    load();
    return errors;
  }

  test::ScratchFolder scratch;
  fs::path folder = scratch.path();
  ClauseSet clauses;
  std::vector<std::string> errors;
};

TEST(Tables, OfTheProjectAreSound) {
  Diagnostics diagnostics;
  const ClauseSet set =
      load_clauses(source / "spec/clauses.toml", "spec/clauses.toml", diagnostics);
  const auto cases = load_cases(source / "cases", "cases", set, diagnostics);
  check_coverage(cases, set, diagnostics);
  for (const Error& one : diagnostics.sorted())
    ADD_FAILURE() << to_string(one);
  EXPECT_GE(cases.size(), 60U);
}

TEST_F(TablesTest, ReadARowWhole) {
  write("op.toml", R"(about = "a"
[[case]]
name = "n"
title = "T"
clauses = ["x.stated", "x.open"]
finish = "finalize"
deadline_ms = 5
output_bytes = 6
memory_bytes = 7
lanes = [
  [{ do = "create", as = "a" }, { do = "open", gate = "g" }],
  [
    { do = "wait", gate = "g" },
    { do = "run", on = "a", code = "x", expect = { raises = true, category = "busy", emits = ["e"], during = ["d"] } },
    { do = "is_running", on = "a", expect = { is = true } },
    { do = "enumerate", expect = { exactly = ["a"], contains = ["a"], excludes = [] } },
    { do = "construct", on = "a", expect = { same = "a", differs = [] } },
    { do = "construct", id = "-1", expect = "any" },
    { do = "eval", code = "", expect = "ok" },
  ],
]
)");
  const auto cases = load();
  EXPECT_THAT(errors, IsEmpty());
  ASSERT_EQ(cases.size(), 1U);
  const Case& one = cases[0];
  EXPECT_EQ(one.id, "op.n");
  EXPECT_FALSE(one.open);
  EXPECT_EQ(one.where, (Source{"t/op.toml", 2, 1}));
  EXPECT_EQ(one.program.finish, Finish::finalize);
  EXPECT_EQ(one.program.limits.deadline.count(), 5);
  EXPECT_EQ(one.program.limits.output_bytes, 6U);
  EXPECT_EQ(one.program.limits.memory_bytes, 7U);
  ASSERT_EQ(one.program.lanes.size(), 2U);
  EXPECT_EQ(one.program.lanes[0][0], (Step{Op::create, "", "a", ""}));
  EXPECT_EQ(one.program.lanes[1][1], (Step{Op::run, "a", "", "x"}));
  EXPECT_EQ(one.program.lanes[1][5], (Step{Op::construct, "", "", "-1"}));
  EXPECT_FALSE(one.expectations[0][0]);
  EXPECT_EQ(one.expectations[1][1]->category, "busy");
  EXPECT_THAT(one.expectations[1][1]->during, ElementsAre("d"));
  EXPECT_EQ(one.expectations[1][2]->truth, true);
  EXPECT_THAT(*one.expectations[1][3]->exactly, ElementsAre("a"));
  EXPECT_EQ(one.expectations[1][4]->same, "a");
  EXPECT_EQ(one.expectations[1][5]->outcome, Expectation::Outcome::any);
}

TEST_F(TablesTest, ARowOfOpenClausesAloneIsOpen) {
  write("a.toml", "about = \"a\"\n[[case]]\nname = \"n\"\ntitle = \"T\"\nclauses = [\"x.open\"]\n"
                  "steps = [{ do = \"create\", expect = \"any\" }]\n");
  EXPECT_TRUE(load().at(0).open);
  EXPECT_THAT(errors, IsEmpty());
}

TEST_F(TablesTest, ReportEveryErrorOfEveryFile) {
  write("a.toml", "about = \"a\"\n[[case]]\nname = \"Bad Name\"\ntitle = \"T\"\n"
                  "clauses = [\"x.none\"]\nsteps = [{ do = \"fly\" }]\n");
  write("b.toml", "[[case]\n");
  write("c.toml", "about = 1\nmore = 2\n");
  load();
  EXPECT_THAT(errors,
              ElementsAre(HasSubstr("t/a.toml:3:8: \"Bad Name\": expected lower case"),
                          HasSubstr("t/a.toml:5:11: \"x.none\" is no clause"),
                          HasSubstr("t/a.toml:6:9: no step is judged"),
                          HasSubstr("t/a.toml:6:17: \"fly\": expected an operation: enumerate,"),
                          HasSubstr("t/b.toml:1:8: not TOML"),
                          HasSubstr("t/c.toml:1:1: expected at least one [[case]]"),
                          HasSubstr("t/c.toml:1:9: expected \"about\""),
                          HasSubstr("t/c.toml:2:1: unknown key \"more\"")));
}

TEST_F(TablesTest, RejectUnboundNames) {
  EXPECT_THAT(errors_of_steps("{ do = \"create\", as = \"a\" },\n"
                              "{ do = \"destroy\", on = \"b\", expect = \"ok\" },\n"
                              "{ do = \"get_main\", expect = { same = \"c\" } },\n"
                              "{ do = \"enumerate\", expect = { excludes = [\"a\", \"d\"] } },"),
              ElementsAre(HasSubstr("t/a.toml:8:24: no step binds \"b\": expected one of: a"),
                          HasSubstr("t/a.toml:9:38: no step binds \"c\""),
                          HasSubstr("t/a.toml:10:43: no step binds \"d\"")));
}

TEST_F(TablesTest, RejectKeysOfOtherOperations) {
  EXPECT_THAT(errors_of_steps("{ do = \"create\", on = \"a\", expect = \"ok\" },\n"
                              "{ do = \"create\", expect = { is = true } },\n"
                              "{ do = \"run\", on = \"a\", expect = \"ok\" },\n"
                              "{ do = \"construct\", expect = \"ok\" },"),
              ElementsAre(HasSubstr("t/a.toml:7:18: unknown key \"on\""),
                          HasSubstr("t/a.toml:8:29: unknown key \"is\""),
                          HasSubstr("t/a.toml:9:1: run: expected \"code\" = a string"),
                          HasSubstr("t/a.toml:9:20: no step binds \"a\""),
                          HasSubstr("t/a.toml:10:1: construct: expected either")));
}

TEST_F(TablesTest, RejectInvalidGateNames) {
  EXPECT_THAT(errors_of_steps("{ do = \"open\", gate = \"go on\" },\n"
                              "{ do = \"wait\", gate = \"\", expect = \"ok\" },"),
              ElementsAre(HasSubstr("t/a.toml:7:23: \"go on\": expected a gate's name"),
                          HasSubstr("t/a.toml:8:23: \"\": expected a gate's name")));
}

TEST_F(TablesTest, RejectEmptyExpectations) {
  EXPECT_THAT(
      errors_of_steps("{ do = \"create\", expect = \"maybe\" },\n"
                      "{ do = \"create\", expect = {} },\n"
                      "{ do = \"create\", expect = { category = \"busy\" } },\n"
                      "{ do = \"create\", expect = { raises = true, category = \"odd\" } },"),
      ElementsAre(HasSubstr("t/a.toml:7:27: expected \"ok\", \"raises\", \"any\""),
                  HasSubstr("t/a.toml:8:27: an empty table expects nothing"),
                  HasSubstr("t/a.toml:9:40: a category needs \"raises\" = true"),
                  HasSubstr("t/a.toml:10:55: \"odd\": expected one of not-found")));
}

TEST_F(TablesTest, RejectWrongTypes) {
  write("a.toml",
        "about = \"a\"\n"
        "[[case]]\nname = \"n\"\ntitle = \"T\"\nclauses = [\"x.stated\"]\nlanes = [1]\n"
        "[[case]]\nname = \"m\"\ntitle = \"T\"\nclauses = [3]\nfinish = \"later\"\nsteps = [4]\n"
        "deadline_ms = 0\n");
  load();
  EXPECT_THAT(errors, testing::IsSupersetOf(
                          {HasSubstr("t/a.toml:6:10: expected a lane: an array of tables"),
                           HasSubstr("t/a.toml:10:12: \"clauses\" holds integer: expected strings"),
                           HasSubstr("t/a.toml:11:10: \"later\": expected \"quit\""),
                           HasSubstr("t/a.toml:12:10: \"steps\" holds integer: expected tables"),
                           HasSubstr("t/a.toml:13:15: \"deadline_ms\": expected an integer")}));
}

TEST_F(TablesTest, RejectADeadlineOutOfRange) {
  EXPECT_THAT(
      errors_of_steps("{ do = \"create\", expect = \"ok\" },\n]\n"
                      "deadline_ms = 9223372036854775807\nx = ["),
      testing::Contains(HasSubstr("\"deadline_ms\": expected an integer from 1 to 31536000000")));
}

TEST_F(TablesTest, ReportErrorsOnOneLine) {
  EXPECT_THAT(errors_of_steps("{ do = \"cre\\nate\\u001b\" },"),
              testing::Contains(HasSubstr("\"cre\\nate\\x1b\": expected an operation")));
}

TEST_F(TablesTest, RejectAGatingRowWithoutAJudgedStep) {
  EXPECT_THAT(errors_of_steps("{ do = \"create\", expect = \"any\" },"),
              ElementsAre(HasSubstr("t/a.toml:6:9: no step is judged")));
}

TEST_F(TablesTest, AcceptASurvivalRowWithoutAJudgedStep) {
  clauses.clauses.push_back({"isolation.survives", ClauseKind::stated, "q", "s", "", {}, {}});
  write("a.toml", "about = \"x\"\n[[case]]\nname = \"n\"\ntitle = \"T\"\n"
                  "clauses = [\"isolation.survives\"]\n"
                  "steps = [ { do = \"create\", expect = \"any\" } ]\n");
  EXPECT_EQ(load().size(), 1U);
  EXPECT_THAT(errors, ElementsAre());
}

TEST_F(TablesTest, RefuseADuplicateCase) {
  const std::string row = "[[case]]\nname = \"n\"\ntitle = \"T\"\nclauses = [\"x.stated\"]\n"
                          "steps = [{ do = \"create\", expect = \"ok\" }]\n";
  write("a.toml", "about = \"a\"\n" + row + row);
  load();
  EXPECT_THAT(errors, ElementsAre(HasSubstr("t/a.toml:7:1: duplicate case \"a.n\": first in "
                                            "t/a.toml:2")));
}

TEST_F(TablesTest, RefuseAnEmptyFolderAndAMissingOne) {
  load();
  EXPECT_THAT(errors, ElementsAre("t: holds no case tables: expected *.toml"));
  Diagnostics diagnostics;
  load_cases("/no/such", "gone", clauses, diagnostics);
  EXPECT_EQ(to_string(diagnostics.sorted().at(0)),
            "gone: cannot be read: expected a folder of case tables");
}

TEST_F(TablesTest, NameWhatIsNoFileAmongThem) {
  write("a.toml", "about = \"a\"\n[[case]]\nname = \"n\"\ntitle = \"T\"\n"
                  "clauses = [\"x.statd\"]\nsteps = [{ do = \"create\", expect = \"ok\" }]\n");
  std::filesystem::create_directory(scratch.path() / "old.toml");
  std::filesystem::create_symlink("nowhere", scratch.path() / "z.toml");
  load();
  EXPECT_THAT(errors, ElementsAre(HasSubstr("a.toml:5:11: \"x.statd\" is no clause (did you mean "
                                            "x.stated?): expected an id"),
                                  "t/old.toml: is a folder: expected a TOML file",
                                  "t/z.toml: there is no such file: expected a TOML file"));
}

TEST_F(TablesTest, RequireACaseForEveryGatingClause) {
  Diagnostics diagnostics;
  check_coverage({}, clauses, diagnostics);
  ASSERT_EQ(diagnostics.sorted().size(), 1U);
  EXPECT_THAT(diagnostics.sorted()[0].message, HasSubstr("no case judges \"x.stated\""));
}

} // namespace
} // namespace pep554
