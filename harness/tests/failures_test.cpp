// pep554 properties, replay and judge as their users meet them.
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
namespace fs = std::filesystem;

TEST(Properties, FindNothingInTheReference) {
  const fs::path out = fresh_folder();
  const Finished finished =
      pep554({"properties", "--examples", "60", "--seed", "5", "--out", out.string()});
  EXPECT_EQ(finished.code, 0) << finished.out;
  EXPECT_THAT(finished.out, HasSubstr(" properties, seed 5: nothing found"));
  EXPECT_THAT(finished.err, HasSubstr("60 of 60 examples run, 0 kinds of failure"));
  EXPECT_THAT(finished.left, IsEmpty());
  EXPECT_FALSE(fs::exists(out / "failures"));
}

// An implementation that forgets to list what was created after three others.
TEST(Properties, ShrinkWhatFailsToACaseThatFailsAgain) {
  const fs::path out = fresh_folder();
  fs::create_directories(out / "module");
  std::ofstream(out / "module" / "interpreters.py")
      << read_file(fs::path(PEP554_SOURCE_DIR) /
                   "harness/plugins/cpython/adapters/xxsubinterpreters/interpreters.py")
      << "\n\ndef enumerate():\n    return [Interpreter(id) for id in _low.list_all()[:3]]\n";
  const std::string target = "cpython:" PEP554_LIBPYTHON ",path=" + (out / "module").string();
  const Finished finished =
      pep554({"properties", "-q", "--target", target, "--examples", "150", "--property",
              "list-is-what*", "--shrink-seconds", "60", "--out", (out / "r").string()});
  EXPECT_EQ(finished.code, 1) << finished.out << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("fail enumerate: "));
  EXPECT_THAT(finished.out, HasSubstr("shown by 5 of 5 executions"));
  const fs::path folder = out / "r" / "failures" / "fail-enumerate";
  const std::string table = read_file(folder / "finding.toml");
  size_t creates = 0;
  for (size_t at = table.find("\"create\""); at != std::string::npos;
       at = table.find("\"create\"", at + 1))
    ++creates;
  EXPECT_EQ(creates, 3U) << table;
  const Finished replayed = pep554({"replay", folder.string(), "--target", target, "--times", "2"});
  EXPECT_EQ(replayed.code, 1);
  EXPECT_THAT(replayed.out, AllOf(HasSubstr(" = interpreters.create()"), HasSubstr("expected: "),
                                  HasSubstr("2 of 2 executions failed")));
  const Finished alone = pep554(
      {"replay", folder.string(), "--target", target, "--scripts", (out / "scripts").string()});
  EXPECT_THAT(alone.out, HasSubstr("finding.smallest/repro.py: confirmed, status 1: shown:"));
  EXPECT_TRUE(fs::exists(out / "scripts" / "finding.smallest" / "repro.c"));
  const Finished unwritable = pep554({"replay", folder.string(), "--target", target, "--scripts",
                                      (folder / "finding.toml").string()});
  EXPECT_EQ(unwritable.code, 5);
  EXPECT_THAT(unwritable.err, HasSubstr("repro.py"));
  const Finished judged = pep554({"judge", folder.string()});
  EXPECT_EQ(judged.code, 1);
  EXPECT_THAT(judged.out, HasSubstr("signature: fail enumerate"));
  EXPECT_EQ(pep554({"replay", folder.string()}).code, 0); // by the reference
  const Finished next =
      pep554({"properties", "-q", "--target", target, "--examples", "20", "--property",
              "list-is-what*", "--shrink-seconds", "60", "--out", (out / "r").string()});
  EXPECT_EQ(next.code, 1);
  EXPECT_THAT(next.out, AllOf(HasSubstr("finding.toml still shows fail enumerate"),
                              Not(HasSubstr("fail-enumerate-2"))));
  EXPECT_TRUE(nlohmann::json::parse(read_file(folder / "history.json")).is_object());
  const Finished again = pep554({"run", "-q", "--target", target, "--cases", folder.string(),
                                 "--out", (out / "again").string()});
  EXPECT_EQ(again.code, 1);
  EXPECT_EQ(results(out / "again").at("cases").at(0).at("verdict"), "fail");
}

TEST(Properties, ATargetWithoutSubinterpretersIsNoneThatPasses) {
  const Finished finished = pep554({"properties", "-q", "--target", "python:/usr/bin/pypy3",
                                    "--examples", "5", "--out", fresh_folder().string()});
  EXPECT_EQ(finished.code, 4) << finished.out;
  EXPECT_THAT(finished.err, HasSubstr("nothing was run"));
}

TEST(Properties, AreSentencesAndCanBeChosen) {
  const Finished listed = pep554({"list", "properties"});
  EXPECT_EQ(listed.code, 0);
  EXPECT_THAT(listed.out, AllOf(HasSubstr("ids-differ"), HasSubstr("No two interpreters")));
  const Finished chosen = pep554(
      {"properties", "--property", "ids-*", "--examples", "5", "--out", fresh_folder().string()});
  EXPECT_EQ(chosen.code, 0);
  EXPECT_THAT(chosen.out, HasSubstr("5 examples of 1 properties"));
  EXPECT_EQ(pep554({"properties", "--property", "none-such"}).code, 4);
}

TEST(Properties, EndWithTheirTime) {
  const Finished finished =
      pep554({"properties", "--seconds", "1", "--out", fresh_folder().string()});
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("nothing found"));
}

TEST(Replay, SaysWhatIsNoFailure) {
  const fs::path folder = fresh_folder();
  const Finished empty = pep554({"replay", folder.string()});
  EXPECT_EQ(empty.code, 2);
  EXPECT_THAT(empty.err, HasSubstr("expected finding.toml or pair.toml"));
  std::ofstream(folder / "finding.toml")
      << "about = \"x\"\n[[case]]\nname = \"a\"\ntitle = \"t\"\nclauses = [\"create.object\"]\n"
         "steps = [ { do = \"create\", expect = \"ok\" } ]\n";
  EXPECT_EQ(pep554({"replay", folder.string()}).code, 0);
  const Finished unjudged = pep554({"judge", folder.string()});
  EXPECT_EQ(unjudged.code, 2);
  EXPECT_THAT(unjudged.err, HasSubstr("history.json: expected a history"));
}

// It is limited where pep554 executes it, and would not be in the plain interpreter.
TEST(Replay, AFloodIsShownByNoScript) {
  const fs::path folder = fresh_folder();
  std::ofstream(folder / "finding.toml")
      << "about = \"x\"\n[[case]]\nname = \"a\"\ntitle = \"t\"\nclauses = [\"create.object\"]\n"
         "output_bytes = 1000\n"
         "steps = [ { do = \"eval\", code = \"import os; os.write(1, b'x' * 5000)\", expect = "
         "\"ok\" } ]\n";
  const Finished finished = pep554({"replay", folder.string(), "--target", own_module, "--scripts",
                                    (folder / "scripts").string()});
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(finished.out, AllOf(HasSubstr("  flood: "), HasSubstr("repro.py: not executed: ")));
  EXPECT_TRUE(fs::exists(folder / "scripts" / "finding.a" / "repro.py"));
}

// The clauses that a script cites are those of the property that it was found by, which the title
// names, where what went wrong leaves several.
TEST(Script, KnowsThePropertyOfAFinding) {
  const fs::path folder = fresh_folder();
  nlohmann::json history{{"end", {{"how", "exited"}, {"code", 0}, {"completed", true}}}};
  const auto answered = [&](int step, const nlohmann::json& answer) {
    history["events"].push_back({{"e", "called"}, {"lane", 0}, {"step", step}});
    history["events"].push_back(
        {{"e", "returned"}, {"lane", 0}, {"step", step}, {"answer", answer}});
  };
  answered(0, {{"status", "ok"}, {"ids", {"1"}}});
  answered(1, {{"status", "ok"}, {"ids", {"2"}}});
  answered(2, {{"status", "ok"}});
  answered(3, {{"status", "raised"},
               {"raised", {{"category", "other"}, {"type", "E"}, {"message", ""}}}});
  std::ofstream(folder / "history.json") << history;
  const auto script = [&](const std::string& sentence) {
    std::ofstream(folder / "finding.toml")
        << "about = \"x\"\n[[case]]\nname = \"smallest\"\ntitle = \"fail run E: " << sentence
        << "\"\nclauses = [\"run.waits\", \"destroy.others\"]\nsteps = [\n"
           "{ do = \"create\", as = \"a\" }, { do = \"create\", as = \"b\" },\n"
           "{ do = \"destroy\", on = \"a\" },\n"
           "{ do = \"run\", on = \"b\", code = \"pass\", expect = \"ok\" },\n]\n";
    const Finished finished = pep554({"script", "finding.smallest", "--cases", folder.string(),
                                      "--history", (folder / "history.json").string()});
    EXPECT_EQ(finished.code, 0) << finished.err;
    return finished.out;
  };
  EXPECT_THAT(script("To destroy an interpreter does nothing to any other."),
              AllOf(HasSubstr("destroy.others: "), Not(HasSubstr("run.waits: "))));
  EXPECT_THAT(script("What somebody wrote."), HasSubstr("run.waits: "));
}

TEST(Judge, TakesOffTheBaselineThatWasStored) {
  const fs::path folder = fresh_folder();
  std::ofstream(folder / "finding.toml")
      << "about = \"x\"\n[[case]]\nname = \"a\"\ntitle = \"t\"\nclauses = [\"create.object\"]\n"
         "repeat = 40\nsteps = [ { do = \"create\", expect = \"ok\" } ]\n";
  constexpr int each = 1 << 20; // bytes that stay behind
  nlohmann::json history{{"end", {{"how", "exited"}, {"code", 0}, {"completed", true}}}};
  auto& events = history["events"];
  events.push_back({{"e", "called"}, {"lane", 0}, {"step", 0}});
  events.push_back({{"e", "returned"},
                    {"lane", 0},
                    {"step", 0},
                    {"answer", {{"status", "ok"}, {"ids", {"1"}}}}});
  for (int i = 0; i <= 40; ++i)
    events.push_back({{"e", "measured"}, {"repetition", i}, {"memory", i * each}});
  for (const int baseline : {0, each}) {
    history["baseline_bytes"] = baseline;
    std::ofstream(folder / "history.json") << history;
    const Finished judged = pep554({"judge", folder.string()});
    EXPECT_EQ(judged.code, baseline == 0 ? 1 : 0) << judged.out << judged.err;
    EXPECT_THAT(judged.out, HasSubstr(baseline == 0 ? "  leak: " : "  pass"));
  }
}

TEST(Properties, SayWhatIsGenerated) {
  const Finished finished = pep554({"properties", "--stats", "--examples", "200"});
  EXPECT_EQ(finished.code, 0);
  EXPECT_THAT(finished.out, AllOf(HasSubstr("200 scenarios"), HasSubstr("live: destroy"),
                                  HasSubstr("nest, 1 deep")));
  EXPECT_EQ(pep554({"properties", "--examples", "0"}).code, 2);
  EXPECT_EQ(pep554({"properties", "--target", "plugin:/nowhere.so"}).code, 3);
}

} // namespace
} // namespace pep554::test
