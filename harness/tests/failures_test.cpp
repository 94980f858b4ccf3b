// pep554 replay, judge and script: what becomes of a failure that was stored.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/tests/command.h"

namespace pep554::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

TEST(Judge, ContinuesAfterAnUnreadableFolder) {
  const fs::path folder = fresh_folder();
  for (const char* name : {"a", "b"}) {
    fs::create_directories(folder / name);
    std::ofstream(folder / name / "finding.toml")
        << "about = \"x\"\n[[case]]\nname = \"a\"\ntitle = \"t\"\nclauses = [\"create.object\"]\n"
           "steps = [ { do = \"create\", expect = \"ok\" } ]\n";
  }
  std::ofstream(folder / "b" / "history.json")
      << R"({"events": [], "end": {"how": "signaled", "code": 6}})";
  const Finished judged = pep554({"judge", (folder / "a").string(), (folder / "b").string()});
  EXPECT_EQ(judged.code, 2);
  EXPECT_THAT(judged.err,
              HasSubstr("a/history.json: there is no such file: expected the history "));
  EXPECT_THAT(judged.out, HasSubstr("signature: crash SIGABRT"));
}

TEST(Replay, ReportsWhatIsNoFailure) {
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
  EXPECT_THAT(unjudged.err,
              HasSubstr("history.json: there is no such file: expected the history "));
}

// It is limited where pep554 executes it, and would not be in the plain interpreter.
TEST(Replay, AppliesTheTimeout) {
  const fs::path table = fresh_folder() / "waits.toml";
  std::ofstream(table)
      << "about = \"x\"\n"
         "[[case]]\nname = \"a\"\ntitle = \"t\"\nclauses = [\"create.object\"]\n"
         "steps = [ { do = \"create\", expect = \"ok\" }, { do = \"wait\", gate = \"never\" } ]\n"
         "[[case]]\nname = \"b\"\ntitle = \"t\"\nclauses = [\"create.object\"]\ndeadline_ms = 400\n"
         "steps = [ { do = \"create\", expect = \"ok\" }, { do = \"wait\", gate = \"never\" } ]\n";
  const Finished finished = pep554({"replay", table.string(), "--timeout", "0.3"});
  EXPECT_EQ(finished.code, 1) << finished.out << finished.err;
  EXPECT_THAT(finished.out, AllOf(HasSubstr("at the deadline of 300 ms"),
                                  HasSubstr("at the deadline of 400 ms")));
}

TEST(Replay, AnExceededLimitHasNoScript) {
  const fs::path folder = fresh_folder();
  std::ofstream(folder / "finding.toml")
      << "about = \"x\"\n[[case]]\nname = \"a\"\ntitle = \"t\"\nclauses = [\"create.object\"]\n"
         "output_bytes = 1000\n"
         "steps = [ { do = \"eval\", code = \"import os; os.write(1, b'x' * 5000)\", expect = "
         "\"ok\" } ]\n";
  const Finished finished = pep554({"replay", folder.string(), "--target", own_module, "--scripts",
                                    (folder / "scripts").string()});
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(finished.out,
              AllOf(HasSubstr("  limit-exceeded: "), HasSubstr("repro.py: not run: ")));
  EXPECT_TRUE(fs::exists(folder / "scripts" / "finding.a" / "repro.py"));
}

// The clauses that a script cites are those of the property that it was found by, which the title
// names, where several remain.
TEST(Script, FindsThePropertyOfAFailure) {
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
  const auto script = [&](const std::string& property) {
    std::ofstream(folder / "finding.toml")
        << "about = \"x\"\n[[case]]\nname = \"smallest\"\ntitle = \"fail run E\"\nproperty = \""
        << property
        << "\"\nclauses = [\"run.waits\", \"destroy.others\"]\nsteps = [\n"
           "{ do = \"create\", as = \"a\" }, { do = \"create\", as = \"b\" },\n"
           "{ do = \"destroy\", on = \"a\" },\n"
           "{ do = \"run\", on = \"b\", code = \"pass\", expect = \"ok\" },\n]\n";
    const Finished finished = pep554({"script", "finding.smallest", "--cases", folder.string(),
                                      "--history", (folder / "history.json").string()});
    EXPECT_EQ(finished.code, 0) << finished.err;
    return finished.out;
  };
  EXPECT_THAT(script("others-are-unharmed"),
              AllOf(HasSubstr("destroy.others: "), Not(HasSubstr("run.waits: "))));
  EXPECT_THAT(script("one-that-is-gone"), HasSubstr("run.waits: "));
}

TEST(Judge, SubtractsTheStoredBaseline) {
  const fs::path folder = fresh_folder();
  std::ofstream(folder / "finding.toml")
      << "about = \"x\"\n[[case]]\nname = \"a\"\ntitle = \"t\"\nclauses = [\"create.object\"]\n"
         "repeat = 40\nsteps = [ { do = \"create\", expect = \"ok\" } ]\n";
  constexpr int each = 1 << 20; // leaked bytes
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

TEST(Judge, ReportsMissingResults) {
  const fs::path folder = fresh_folder();
  std::ofstream(folder / "finding.toml")
      << "about = \"x\"\n[[case]]\nname = \"a\"\ntitle = \"t\"\nclauses = [\"create.object\"]\n"
         "steps = [ { do = \"create\", expect = \"ok\" } ]\n";
  std::ofstream(folder / "history.json")
      << R"({"events": [], "end": {"how": "not_run", "code": 0, "note": "no host"}})";
  const Finished judged = pep554({"judge", folder.string()});
  EXPECT_EQ(judged.code, 4) << judged.out;
  EXPECT_THAT(judged.out, HasSubstr("  not-run: no host"));
  EXPECT_THAT(judged.err, HasSubstr("nothing was judged"));
}

} // namespace
} // namespace pep554::test
