// Properties as items of a run; a stored run is judged again.
#include <algorithm>
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
using nlohmann::json;

json item(const json& results, const std::string& id) {
  for (const json& one : results.at("cases"))
    if (one.at("id") == id)
      return one;
  return {};
}

std::string mutant(const std::string& name) {
  ::setenv("PEP554_READABLE", PEP554_SOURCE_DIR "/harness/tests/mutants", 1);
  return "cpython:" PEP554_LIBPYTHON ",path=" PEP554_BUILD_DIR "/mutants/" + name;
}

// Gives the results of `out` again, without executing anything.
void expect_judged_alike(const fs::path& out, int code) {
  const fs::path again = out.string() + "-again";
  const Finished judged = pep554({"judge", out.string(), "--out", again.string()});
  EXPECT_EQ(judged.code, code) << judged.err;
  EXPECT_THAT(judged.err, IsEmpty());
  EXPECT_EQ(without_times(results(again)), without_times(results(out)));
}

TEST(RunProperties, AreItemsOfTheResults) {
  const fs::path out = fresh_folder();
  const Finished finished =
      pep554({"run", "-q", "--examples", "120", "--seed", "7", "--out", out.string()});
  EXPECT_EQ(finished.code, 0) << finished.out << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("196 cases, 31 properties in "));
  const json run = results(out);
  std::int64_t examples = 0;
  for (const json& one : run.at("cases")) {
    EXPECT_EQ(one.contains("property"), one.at("id").get<std::string>().starts_with("property."));
    if (!one.contains("property"))
      continue;
    examples += one["property"].at("examples").get<std::int64_t>();
    EXPECT_EQ(one["property"].at("seed"), 7);
    EXPECT_EQ(one["property"].at("failed"), 0);
    EXPECT_EQ(one.at("where").at("file"), "cases/properties/properties.toml");
    for (const json& clause : run.at("clauses")) { // they are judged by it
      EXPECT_EQ(std::ranges::count(clause.at("cases"), one.at("id")),
                std::ranges::count(one.at("clauses"), clause.at("id")))
          << one.at("id");
    }
  }
  EXPECT_GT(examples, 90); // a few numbers have no example
  EXPECT_LE(examples, 120);
  EXPECT_TRUE(
      read_file(out / "junit.xml").find(R"(classname="pep554.property" name="ids-differ")") !=
      std::string::npos);
  EXPECT_TRUE(read_file(out / "index.html").find("property.ids-differ") != std::string::npos);
  expect_judged_alike(out, 0);
}

// The same numbers, however many properties are selected.
TEST(RunProperties, OfASelectionHaveTheSameExamples) {
  const fs::path out = fresh_folder();
  const auto only = [&](const char* filter, const char* folder) {
    pep554(
        {"run", "-q", "--examples", "150", "--filter", filter, "--out", (out / folder).string()});
    return item(results(out / folder), "property.ids-differ");
  };
  const json one = only("property.ids-differ", "one");
  EXPECT_EQ(one.at("verdict"), "pass");
  EXPECT_EQ(one.at("property"), only("property.*", "all").at("property"));
  EXPECT_EQ(results(out / "one").at("cases").size(), 1U);
  only("id.exists", "none");
  EXPECT_THAT(results(out / "none").at("cases").dump(), Not(HasSubstr("property.")));
  EXPECT_FALSE(fs::exists(out / "none" / "failures"));
}

// A list that forgets: the failure is shrunk, retried, stored, and shown without pep554.
TEST(RunProperties, AFailureIsShrunkAndReproduced) {
  const fs::path out = fresh_folder() / "report";
  const Finished finished =
      pep554({"run", "-q", "--target", mutant("enumerate-twice"), "--examples", "150", "--filter",
              "property.list-is-what-was-created", "--out", out.string()});
  EXPECT_EQ(finished.code, 1) << finished.err;
  const json found = item(results(out), "property.list-is-what-was-created");
  EXPECT_EQ(found.at("verdict"), "fail") << finished.out;
  EXPECT_GT(found.at("property").at("failed"), 0);
  EXPECT_GE(found.at("attempts").size(), 3U);
  EXPECT_LE(found.at("steps").size(), 6U);
  const std::string finding = found.at("property").at("finding");
  EXPECT_THAT(finding, StartsWith("failures/"));
  EXPECT_TRUE(fs::exists(out / finding / "finding.toml"));
  EXPECT_TRUE(fs::exists(out / finding / "repro.py"));
  EXPECT_THAT(found.at("property").at("alone"), HasSubstr("confirmed"));
  EXPECT_EQ(verdict(results(out), "clauses", "enumerate.once"), "fail");
  expect_judged_alike(out, 1);
}

// What was cut off is executed, and nothing twice.
TEST(RunProperties, AreResumed) {
  const fs::path whole = fresh_folder() / "whole";
  const fs::path part = whole.parent_path() / "part";
  const int code = pep554({"run", "-q", "-j", "1", "--examples", "60", "--filter", "property.*",
                           "--out", whole.string()})
                       .code;
  const std::string store = read_file(whole / "histories.jsonl");
  fs::create_directories(part);
  std::ofstream(part / "histories.jsonl") << store.substr(0, store.size() / 2);
  const Finished resumed = pep554({"run", "-q", "--resume", part.string()});
  EXPECT_EQ(resumed.code, code) << resumed.err;
  EXPECT_EQ(without_times(results(part)), without_times(results(whole)));
  const std::string after = read_file(part / "histories.jsonl");
  EXPECT_EQ(std::ranges::count(after, '\n'), std::ranges::count(store, '\n'));
}

TEST(JudgeRun, NamesTheCasesThatHaveAnotherProgramNow) {
  const fs::path out = fresh_folder();
  const auto write_table = [&](const char* code) {
    fs::create_directories(out / "cases");
    std::ofstream(out / "cases" / "t.toml")
        << "about = 'Cases of a test'\n[[case]]\nname = 'one'\ntitle = 'A case'\n"
           "clauses = ['run.code']\nsteps = [{ do = 'eval', code = '"
        << code << "', expect = 'ok' }]\n";
  };
  write_table("pass");
  const std::string run = (out / "run").string();
  ASSERT_EQ(pep554({"run", "-q", "--cases", (out / "cases").string(), "--out", run}).code, 0);
  EXPECT_EQ(pep554({"judge", run}).code, 0);
  write_table("1");
  const Finished other = pep554({"judge", run});
  EXPECT_EQ(other.code, 1);
  EXPECT_THAT(other.out, HasSubstr("t.one [run.code]: its program is another one"));
  std::ofstream(out / "run" / "histories.jsonl") << "{}\n";
  EXPECT_THAT(pep554({"judge", run}).err, HasSubstr("histories.jsonl:1: not a record of a run"));
}

} // namespace
} // namespace pep554::test
