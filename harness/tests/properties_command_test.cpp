// pep554 properties as its users meet it.
#include <csignal>
#include <fstream>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/tests/command.h"

namespace pep554::test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
namespace fs = std::filesystem;

TEST(Properties, HaveNoFailuresInTheReference) {
  const fs::path out = fresh_folder();
  const Finished finished =
      pep554({"properties", "--examples", "60", "--seed", "5", "--out", out.string()});
  EXPECT_EQ(finished.code, 0) << finished.out;
  EXPECT_THAT(finished.out, HasSubstr(" properties, seed 5: no failures"));
  EXPECT_THAT(finished.err, HasSubstr("60 of 60 examples run, 0 kinds of failure"));
  EXPECT_THAT(finished.left, IsEmpty());
  EXPECT_FALSE(fs::exists(out / "failures"));
}

// A module that is CPython's own but for what is written here.
std::string changed(const fs::path& folder, const std::string& change) {
  fs::create_directories(folder);
  std::ofstream(folder / "interpreters.py")
      << read_file(fs::path(PEP554_SOURCE_DIR) /
                   "harness/plugins/cpython/adapters/xxsubinterpreters/interpreters.py")
      << "\n\n"
      << change;
  return "cpython:" PEP554_LIBPYTHON ",path=" + folder.string();
}

// The correct module, over the reference's own, but for what a create does that knows its `number`
// among all creates.
std::string counted(const fs::path& folder, const std::string& create) {
  ::setenv("PEP554_WRITABLE", folder.c_str(), 1);
  fs::create_directories(folder);
  std::ofstream(folder / "interpreters.py")
      << "import itertools, os, time\n"
         "import correct\n"
         "from correct import Interpreter, enumerate, get_current, get_main\n\n"
         "def count():\n"
         "    for number in itertools.count():\n"
         "        try:\n"
         "            os.mkdir(os.path.join(os.path.dirname(__file__), f'call-{number}'))\n"
         "            return number\n"
         "        except FileExistsError:\n"
         "            pass\n\n"
         "def create():\n"
         "    number = count()\n"
         "    "
      << create << "\n    return correct.create()\n";
  return "cpython:" PEP554_LIBPYTHON ",path=" + folder.string() +
         ",path=" PEP554_SOURCE_DIR "/harness/tests/mutants,path=" PEP554_BUILD_DIR "/impl";
}

// An implementation that forgets to list what was created after three others.
TEST(Properties, ShrinkFailuresToReproducibleCases) {
  const fs::path out = fresh_folder();
  const std::string target =
      changed(out / "module",
              "def enumerate():\n    return [Interpreter(id) for id in _low.list_all()[:3]]\n");
  const Finished finished =
      pep554({"properties", "-q", "--target", target, "--examples", "150", "--property",
              "ids-differ", "--shrink-seconds", "60", "--out", (out / "r").string()});
  EXPECT_EQ(finished.code, 1) << finished.out << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("fail enumerate: "));
  EXPECT_THAT(finished.out, HasSubstr("reproduced in 5 of 5 executions"));
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
  EXPECT_THAT(alone.out, HasSubstr("finding.smallest/repro.py: confirmed, status 1: reproduced:"));
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
      pep554({"properties", "-q", "--target", target, "--examples", "150", "--property",
              "ids-differ", "--shrink-seconds", "60", "--out", (out / "r").string()});
  EXPECT_EQ(next.code, 1);
  EXPECT_THAT(next.out, AllOf(HasSubstr("finding.toml still fails: fail enumerate"),
                              HasSubstr("  stored already: " + (folder / "finding.toml").string()),
                              Not(HasSubstr("  again: ")), Not(HasSubstr("fail-enumerate-2"))));
  EXPECT_TRUE(nlohmann::json::parse(read_file(folder / "history.json")).is_object());
  const Finished anew =
      pep554({"properties", "-q", "--anew", "--target", target, "--examples", "150", "--property",
              "ids-differ", "--shrink-seconds", "60", "--out", (out / "r").string()});
  EXPECT_EQ(anew.code, 1);
  EXPECT_THAT(anew.out, AllOf(Not(HasSubstr("known")), HasSubstr("  again: ")));
  std::smatch number;
  ASSERT_TRUE(std::regex_search(anew.out, number, std::regex("the first is number ([0-9]+)")));
  const Finished that_one =
      pep554({"properties", "-q", "--anew", "--target", target, "--from", number[1], "--examples",
              "1", "--property", "ids-differ", "--out", (out / "r").string()});
  EXPECT_EQ(that_one.code, 1);
  EXPECT_THAT(that_one.out,
              HasSubstr("fail enumerate: 1 of 1 examples, the first is number " + number[1].str()));
  const Finished again = pep554({"run", "-q", "--target", target, "--cases", folder.string(),
                                 "--out", (out / "again").string()});
  EXPECT_EQ(again.code, 1);
  EXPECT_EQ(results(out / "again").at("cases").at(0).at("verdict"), "fail");
}

// However many properties it breaks, and however it is reached.
TEST(Properties, OneDefectIsOneReport) {
  const fs::path out = fresh_folder();
  const std::string target = changed(
      out / "module", "def create():\n"
                      "    if len(_low.list_all()) > 2 or ran: raise RuntimeError('no more')\n"
                      "    return Interpreter(_low.create())\n\n"
                      "ran = []\n"
                      "run = Interpreter.run\n"
                      "Interpreter.run = lambda self, code: (ran.append(1), run(self, code))[1]\n");
  const Finished finished =
      pep554({"properties", "-q", "--target", target, "--examples", "60", "--property", "*-is-*",
              "--shrink-seconds", "60", "--out", (out / "r").string()});
  EXPECT_EQ(finished.code, 1) << finished.err;
  const std::string header = "\nfail create RuntimeError: ";
  const size_t first = finished.out.find(header);
  ASSERT_NE(first, std::string::npos) << finished.out;
  EXPECT_EQ(finished.out.find(header, first + 1), std::string::npos) << finished.out;
  const std::string report = finished.out.substr(first, finished.out.find("\n\n", first) - first);
  EXPECT_THAT(report, AllOf(HasSubstr("\n  list-is-the-same-inside: "),
                            ContainsRegex("\n  breaks also: .*list-is-what-was-created, "),
                            ContainsRegex(
                                "\n  also by another program .example [0-9]+, .*\n    main.run")));
}

TEST(Properties, ReportTheNextExampleWhenInterrupted) {
  const fs::path out = fresh_folder();
  std::vector<std::string> words{"properties",
                                 "-q",
                                 "--anew",
                                 "--jobs",
                                 "1",
                                 "--target",
                                 counted(out / "module", "pass"),
                                 "--property",
                                 "list-is-what*",
                                 "--out",
                                 out.string(),
                                 "--examples"};
  words.emplace_back("100000");
  Running running(pep554_words(words));
  ASSERT_TRUE(appears(out / "module" / "call-5"));
  running.signal(SIGINT);
  const Finished finished = running.finish();
  EXPECT_EQ(finished.code, 6);
  std::smatch where;
  ASSERT_TRUE(std::regex_search(
      finished.err, where,
      std::regex(
          "interrupted: ([0-9]+) of 100000 examples were run; continue with --from ([0-9]+)")))
      << finished.err;
  EXPECT_GE(std::stoul(where[2]), std::stoul(where[1])); // some numbers have no example
  words.back() = "1";
  words.insert(words.end(), {"--from", where[2]});
  const Finished on = pep554(words);
  EXPECT_EQ(on.code, 0) << on.err;
  EXPECT_THAT(on.out, HasSubstr("\n1 example of 1 property,"));
}

struct Once {
  const char* what;
  const char* reason;
};

// Evidence that there will be no more of; a hang, too, that is gone when it is given more time.
TEST(Properties, AnIntermittentFailureIsStoredAsObserved) {
  for (const Once once :
       {Once{"if number == 250: raise RuntimeError('once')", "RuntimeError: once"},
        Once{"if number == 250: time.sleep(60)", "at the deadline of 3000 ms"}}) {
    const fs::path out = fresh_folder();
    const Finished finished = pep554(
        {"properties", "-q", "--target", counted(out / "module", once.what), "--examples", "100",
         "--timeout", "15", "--property", "list-is-what*", "--out", (out / "r").string()});
    EXPECT_EQ(finished.code, 1) << finished.out << finished.err;
    EXPECT_THAT(finished.out, AllOf(HasSubstr(once.reason), HasSubstr(" = interpreters.create()"),
                                    HasSubstr("observed once, in the search; not reproduced in ")));
    std::vector<std::string> command{"judge"};
    for (const auto& folder : fs::directory_iterator(out / "r" / "failures"))
      command.push_back(folder.path().string());
    ASSERT_EQ(command.size(), 2U);
    const Finished judged = pep554(command);
    EXPECT_EQ(judged.code, 1) << judged.err;
    EXPECT_THAT(judged.out, HasSubstr(once.reason));
  }
}

// The module raises NotImplementedError.
TEST(Properties, UnsupportedIsNoPass) {
  const fs::path out = fresh_folder();
  const std::string target = changed(
      out / "module", "def unsupported(self):\n    raise NotImplementedError('no destroy')\n\n"
                      "Interpreter.destroy = unsupported\n");
  const Finished finished =
      pep554({"properties", "-q", "--target", target, "--examples", "40", "--property",
              "every-object*", "--shrink-seconds", "0", "--out", (out / "r").string()});
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(finished.out,
              AllOf(ContainsRegex(" examples? not judged: the target does not support"),
                    HasSubstr(" not judged: "), ContainsRegex("stored failures? not judged")));
  std::ofstream(out / "destroys.toml")
      << "about = \"x\"\n[[case]]\nname = \"a\"\ntitle = \"t\"\nclauses = [\"create.object\"]\n"
         "steps = [ { do = \"create\", as = \"a\", expect = \"ok\" },\n"
         "          { do = \"destroy\", on = \"a\", expect = \"ok\" } ]\n";
  const Finished replayed =
      pep554({"replay", (out / "destroys.toml").string(), "--target", target});
  EXPECT_EQ(replayed.code, 4) << replayed.out;
  EXPECT_THAT(replayed.out, AllOf(HasSubstr("  unsupported: a.destroy(): unsupported: "),
                                  HasSubstr("0 of 1 executions failed, 1 were not judged")));
}

// A host that starts once, and exits at the first program, which is its own fault.
TEST(Properties, NotRunIsNoFailure) {
  const fs::path out = fresh_folder();
  const std::string hello_message =
      R"({"msg":"hello","protocol":1,"plugin":{"name":"p","version":"1"},)"
      R"("facts":[],"extensions":[]})";
  ::setenv("PEP554_WRITABLE", out.c_str(), 1);
  const fs::path host = out / "host";
  std::ofstream(host) << "#!/bin/sh\nmkdir " << (out / "there").string() << " || exit 1\n"
                      << "printf '\\0\\0\\0\\" << std::oct << hello_message.size()
                      << "'\nprintf %s '" << hello_message << "'\n";
  fs::permissions(host, fs::perms::owner_all);
  const Finished finished =
      pep554({"properties", "-q", "--jobs", "1", "--target", "host:" + host.string(), "--examples",
              "20", "--shrink-seconds", "0", "--out", (out / "r").string()});
  EXPECT_EQ(finished.code, 4) << finished.out << finished.err;
  EXPECT_THAT(finished.out, AllOf(HasSubstr("20 examples not judged: no result was obtained; e.g. "
                                            "not-run: "),
                                  HasSubstr(": no failures")));
}

// Programs that differ on any target: one asks what the other does not.
TEST(Properties, StoredPairsRunFirst) {
  const fs::path folder = fresh_folder();
  std::ofstream(folder / "pair.toml")
      << "about = \"x\"\n"
         "[[case]]\nname = \"a\"\ntitle = \"t\"\nclauses = [\"create.object\"]\n"
         "steps = [ { do = \"create\", as = \"a\", expect = \"ok\" },\n"
         "          { do = \"run\", on = \"a\", code = \"x = 1\", expect = \"ok\" } ]\n"
         "[[case]]\nname = \"b\"\ntitle = \"t\"\nclauses = [\"create.object\"]\n"
         "steps = [ { do = \"create\", as = \"a\", expect = \"ok\" } ]\n";
  const Finished finished = pep554({"properties", "-q", "--corpus", folder.string(), "--examples",
                                    "5", "--property", "ids-*", "--out", (folder / "r").string()});
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(finished.out, AllOf(HasSubstr("pair.toml still fails: fail run in another order"),
                                  HasSubstr("1 stored failure still failing")));
  const Finished replayed =
      pep554({"replay", folder.string(), "--scripts", (folder / "scripts").string()});
  EXPECT_EQ(replayed.code, 1);
  EXPECT_THAT(replayed.out, AllOf(HasSubstr("signature: fail run in another order"),
                                  HasSubstr("no script: two programs are compared")));
}

// Each create that goes wrong is a kind of its own.
TEST(Properties, KindsBeyondTheLimitAreListed) {
  const fs::path out = fresh_folder();
  const std::string target = counted(
      out / "module", "if number > 120: raise type(f'E{number}', (Exception,), {})(\"no\")");
  const Finished finished =
      pep554({"properties", "-q", "--target", target, "--examples", "100", "--property", "ids-*",
              "--shrink-seconds", "0", "--out", (out / "r").string()});
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(finished.out, ContainsRegex("\n[0-9]+ kinds of failure not shrunk .limit reached.: "
                                          "fail [a-z]+ [A-Z].*, fail "));
}

TEST(Properties, ATargetWithoutSubinterpretersDoesNotPass) {
  const Finished finished = pep554({"properties", "-q", "--target", "python:/usr/bin/pypy3",
                                    "--examples", "5", "--out", fresh_folder().string()});
  EXPECT_EQ(finished.code, 4) << finished.out;
  EXPECT_THAT(finished.err, HasSubstr("nothing was run"));
}

TEST(Properties, AreListedAndFiltered) {
  const Finished listed = pep554({"list", "properties"});
  EXPECT_EQ(listed.code, 0);
  EXPECT_THAT(listed.out, AllOf(HasSubstr("ids-differ"), HasSubstr("No two interpreters")));
  const Finished chosen = pep554(
      {"properties", "--property", "ids-*", "--examples", "5", "--out", fresh_folder().string()});
  EXPECT_EQ(chosen.code, 0);
  EXPECT_THAT(chosen.out, HasSubstr("5 examples of 1 property,"));
  EXPECT_EQ(pep554({"properties", "--property", "none-such"}).code, 4);
}

// A hang whose shrinking was interrupted: its scripts are written all the same.
TEST(Properties, AnInterruptedShrinkHasScripts) {
  const fs::path out = fresh_folder();
  const std::string target = counted(out / "module", "time.sleep(60)");
  Running running(pep554_words({"properties", "-q", "--first", "--anew", "--jobs", "1", "--target",
                                target, "--examples", "1", "--property", "list-is-what*",
                                "--timeout", "2", "--out", (out / "r").string()}));
  ASSERT_TRUE(appears(out / "module" / "call-7")); // one each: the example twice, then smaller ones
  running.signal(SIGINT);
  const Finished finished = running.finish();
  EXPECT_EQ(finished.code, 6) << finished.out << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("repro.py: not run: interrupted\n"));
  const fs::path folder = out / "r" / "failures" / "hang-create";
  for (const char* file : {"finding.toml", "history.json", "repro.py", "repro.c", "unfinished"})
    EXPECT_TRUE(fs::exists(folder / file)) << file;
  EXPECT_THAT(read_file(folder / "repro.c"), HasSubstr("&& ./repro " PEP554_BUILD_DIR "/"));
}

TEST(Properties, ReportAFullStandardOutput) {
  const fs::path out = fresh_folder();
  const std::string program = PEP554_BUILD_DIR "/bin/pep554";
  const Finished finished = run(
      {"sh", "-c", program + " properties -q --examples 2 --out " + out.string() + " >/dev/full"});
  EXPECT_EQ(finished.code, 5);
  EXPECT_THAT(finished.err, HasSubstr("cannot write standard output: No space left"));
}

TEST(Properties, RejectAnInvalidSeed) {
  for (const char* seed : {"-5", "18446744073709551616", "1.5", "x", "0x7"}) {
    const Finished finished = pep554({"properties", "--stats", "--seed", seed});
    EXPECT_EQ(finished.code, 2) << seed;
    EXPECT_THAT(finished.err, HasSubstr("is no whole number from 0 to 18446744073709551615"));
  }
  const Finished largest =
      pep554({"properties", "--stats", "--examples", "1", "--seed", "18446744073709551615"});
  EXPECT_EQ(largest.code, 0);
  EXPECT_THAT(largest.out, HasSubstr("seed 18446744073709551615, "));
}

TEST(Properties, EndAfterTheirTime) {
  const Finished finished =
      pep554({"properties", "--seconds", "1", "--out", fresh_folder().string()});
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("no failures"));
}

TEST(Properties, PrintStatistics) {
  const Finished finished = pep554({"properties", "--stats", "--examples", "200"});
  EXPECT_EQ(finished.code, 0);
  EXPECT_THAT(finished.out, AllOf(HasSubstr("200 scenarios"), HasSubstr("live: destroy"),
                                  HasSubstr("nest, 1 deep")));
  EXPECT_EQ(pep554({"properties", "--examples", "0"}).code, 2);
  EXPECT_EQ(pep554({"properties", "--target", "plugin:/nowhere.so"}).code, 3);
}

} // namespace
} // namespace pep554::test
