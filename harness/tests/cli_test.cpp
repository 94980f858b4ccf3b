// The program pep554 as its users meet it: exit codes, messages, the same results twice.
#include <algorithm>
#include <fstream>
#include <set>

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

TEST(Run, JudgesEveryClauseOfTheReferenceAndPassesTwiceAlike) {
  const fs::path out = fresh_folder();
  const Finished first = pep554({"run", "--out", (out / "one").string()});
  EXPECT_EQ(first.code, 0) << first.out << first.err;
  EXPECT_THAT(first.out, AllOf(HasSubstr("is conformant"), HasSubstr("index.html")));
  EXPECT_THAT(first.left, IsEmpty());
  const Finished second =
      pep554({"run", "--jobs", "1", "--quiet", "--out", (out / "two").string()});
  EXPECT_EQ(second.code, 0);
  EXPECT_THAT(second.err, IsEmpty());
  nlohmann::json one = without_times(results(out / "one"));
  nlohmann::json two = without_times(results(out / "two"));
  for (const auto& clause : one.at("clauses"))
    EXPECT_EQ(clause.at("verdict"), clause.at("kind") == "open" ? "observed" : "pass")
        << clause.at("id");
  one.erase("jobs");
  two.erase("jobs");
  EXPECT_EQ(one, two);
}

TEST(Run, WithAFilterMakesNoClaim) {
  const fs::path out = fresh_folder();
  const Finished finished = pep554({"run", "--filter", "destroy.*", "--out", out.string()});
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("No claim about conformance"));
}

TEST(Run, AFilterTakesClausesToo) {
  const fs::path out = fresh_folder();
  EXPECT_EQ(pep554({"run", "-q", "--filter", "run.os-thread", "--out", out.string()}).code, 0);
  std::set<std::string> ids;
  const nlohmann::json document = results(out);
  for (const auto& one : document.at("cases"))
    ids.insert(one.at("id"));
  EXPECT_THAT(ids, testing::IsSupersetOf({"run.on-the-callers-thread", "run.on-another-thread"}));
}

// The program, started by a shell that first does something.
Finished after(const std::string& first, std::vector<std::string> arguments) {
  std::vector<std::string> words{"sh", "-c", first + "; exec \"$@\"", "sh"};
  for (std::string& word : pep554_words(std::move(arguments)))
    words.push_back(std::move(word));
  return run(words);
}

TEST(Run, SoftLimitsAreRaised) {
  const fs::path out = fresh_folder();
  const Finished finished = after("ulimit -Sn 20; ulimit -Ss 512", {"run", "-q", "--out", out});
  EXPECT_EQ(finished.code, 0) << finished.out << finished.err;
}

TEST(Run, WhatHardLimitsMayHaveCausedIsNotRun) {
  const fs::path out = fresh_folder();
  const Finished finished = after("ulimit -n 64", {"run", "-q", "--target", own_module, "--filter",
                                                   "run.fails-with-odd-text", "--out", out});
  EXPECT_EQ(finished.code, 1) << finished.err;
  const nlohmann::json one = results(out).at("cases").at(0);
  EXPECT_EQ(one.at("verdict"), "not-run");
  EXPECT_THAT(one.value("reason", ""),
              StartsWith("open files: 64 allowed here (ulimit -Hn), 256 may be needed; crash: "));
  EXPECT_EQ(one.at("attempts").at(0).at("verdict"), "crash") << "what was seen";
  for (const auto& attempt : one.at("attempts"))
    if (attempt.at("mode") == "fresh") {
      EXPECT_EQ(attempt.at("verdict"), "not-run");
      EXPECT_THAT(attempt.value("reason", ""), HasSubstr("cannot hand over its descriptors: "));
    }
}

TEST(Run, PassesWithFewDescriptors) {
  const fs::path out = fresh_folder();
  const Finished finished = after("ulimit -n 64", {"run", "-q", "--out", out});
  EXPECT_EQ(finished.code, 0) << finished.out << finished.err;
}

TEST(Run, SaysThatItNeedsProc) {
  if (run({"unshare", "-rm", "mount", "-t", "tmpfs", "none", "/proc"}).code != 0)
    GTEST_SKIP() << "the kernel refuses namespaces to this user";
  std::vector<std::string> words{
      "unshare", "-rm", "sh", "-c", "mount -t tmpfs none /proc; exec \"$@\"", "sh"};
  for (std::string& word : pep554_words({"run"}))
    words.push_back(std::move(word));
  const Finished finished = run(words);
  EXPECT_EQ(finished.code, 5);
  // A build that is instrumented for coverage adds lines of its own.
  EXPECT_EQ(finished.err.substr(0, finished.err.find('\n')),
            "pep554: cannot read /proc/self/exe (No such file or directory): pep554 and its hosts "
            "need /proc; mount it: mount -t proc proc /proc");
}

TEST(Run, ReportsWhenNothingMatches) {
  const Finished finished = pep554({"run", "--filter", "no.such"});
  EXPECT_EQ(finished.code, 4);
  EXPECT_THAT(finished.err, HasSubstr("no case and no property matches \"no.such\""));
}

TEST(Run, TheCommandOfACaseLeavesTheReportAsItIs) {
  const fs::path out = fresh_folder();
  std::ofstream(out / "toy.toml") << "about = 'x'\n[[case]]\nname = 'a'\ntitle = 't'\n"
                                     "clauses = ['create.object']\n"
                                     "steps = [ { do = 'create', expect = 'raises' } ]\n"
                                     "[[case]]\nname = 'b'\ntitle = 't'\n"
                                     "clauses = ['create.object']\n"
                                     "steps = [ { do = 'create', expect = 'ok' } ]\n";
  const std::string at_out = "cd " + out.string() + " && PATH=" PEP554_BUILD_DIR "/bin:$PATH && ";
  run({"sh", "-c", at_out + "pep554 run -q --cases . --timeout 7 --network"});
  const std::string before = read_file(out / "report" / "results.json");
  for (const auto& one : nlohmann::json::parse(before).at("cases")) {
    const std::string command = one.at("replay");
    EXPECT_THAT(command, AllOf(HasSubstr(" --timeout 7 "), HasSubstr(" --network ")));
    EXPECT_EQ(run({"sh", "-c", at_out + command}).code, one.at("id") == "toy.b" ? 0 : 1) << command;
    const nlohmann::json alone = results(out / "alone" / one.at("id").get<std::string>());
    ASSERT_EQ(alone.at("cases").size(), 1U);
    EXPECT_EQ(alone.at("cases")[0].at("id"), one.at("id"));
    EXPECT_EQ(alone.at("cases")[0].at("verdict"), one.at("verdict"));
    EXPECT_EQ(alone.at("cases")[0].at("replay"), command);
  }
  EXPECT_EQ(read_file(out / "report" / "results.json"), before);
  const std::string explained = pep554({"explain", "id.exists"}).out;
  EXPECT_THAT(explained,
              HasSubstr("alone: pep554 run --filter case=id.exists --out alone/id.exists\n"));
}

// Seen from any directory, also where a file of targets named it.
TEST(Run, TheCommandOfACaseNamesTheTargetForAnyDirectory) {
  const fs::path out = fresh_folder();
  fs::create_directories(out / "a,b");
  fs::copy_file(fs::path(PEP554_SOURCE_DIR) /
                    "harness/plugins/cpython/adapters/xxsubinterpreters/interpreters.py",
                out / "a,b" / "interpreters.py");
  std::ofstream(out / "targets.toml") << "[[target]]\nname = 'mine'\ntarget = "
                                         "'cpython:" PEP554_LIBPYTHON ",path=a,,b'\n";
  const Finished finished = pep554({"run", "-q", "--targets", (out / "targets.toml").string(),
                                    "--filter", "id.exists", "--out", (out / "all").string()});
  EXPECT_EQ(finished.code, 0) << finished.err;
  const std::string command = results(out / "all" / "mine").at("cases")[0].at("replay");
  fs::create_directories(out / "elsewhere");
  EXPECT_EQ(run({"sh", "-c",
                 "cd " + (out / "elsewhere").string() +
                     " && PATH=" PEP554_BUILD_DIR "/bin:$PATH && " + command})
                .code,
            0)
      << command;
}

// What it said before is all that anybody knows.
TEST(Run, APythonThatDiesWhileItStartsIsQuoted) {
  const fs::path out = fresh_folder();
  std::ofstream(out / "interpreters.py") << "import os, sys\n"
                                            "print('no licence', file=sys.stderr, flush=True)\n"
                                            "os._exit(3)\n";
  for (const std::string host : {"python:" PEP554_TEST_PYTHON, "cpython:" PEP554_LIBPYTHON}) {
    for (const char* command : {"run", "doctor"}) {
      std::vector<std::string> words{command, host + ",path=" + out.string()};
      if (words[0] == "run")
        words = {"run", "--target", words[1], "--out", (out / "report").string()};
      const Finished finished = pep554(words);
      EXPECT_EQ(finished.code, 3) << finished.out;
      EXPECT_THAT(finished.out + finished.err, HasSubstr("no licence"));
      EXPECT_EQ(std::ranges::count(finished.err, '\n'), 1) << finished.err;
    }
  }
}

TEST(Run, AnInstalledModuleThatIsNotJudgedIsNamed) {
  const fs::path out = fresh_folder();
  ASSERT_EQ(
      run({"/usr/bin/python3.11", "-m", "venv", "--without-pip", (out / "venv").string()}).code, 0);
  const fs::path module = out / "venv/lib/python3.11/site-packages/interpreters.py";
  std::ofstream(module) << "raise ImportError('it was imported')\n";
  const std::string target = "python:" + (out / "venv/bin/python").string();
  const Finished finished = pep554({"run", "-q", "--target", target, "--filter", "id.exists",
                                    "--out", (out / "report").string()});
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.err, AllOf(StartsWith("pep554: " + module.string() + " is installed, but "),
                                  HasSubstr("--target " + target + ",site=on\n")));
  EXPECT_EQ(std::ranges::count(finished.err, '\n'), 1) << finished.err;
  EXPECT_EQ(pep554({"doctor", target}).err, finished.err);
  EXPECT_THAT(results(out / "report").at("target").at("facts"),
              testing::Contains(nlohmann::json{
                  {"name", "not_judged"}, {"value", module.string() + " (site=on judges it)"}}));
  const Finished judged = pep554({"run", "-q", "--target", target + ",site=on", "--filter",
                                  "id.exists", "--out", (out / "report").string()});
  EXPECT_EQ(judged.code, 3);
  EXPECT_THAT(judged.err, HasSubstr("it was imported"));
}

TEST(Run, RejectsAnInvalidTarget) {
  const std::vector<std::pair<std::string, std::string>> bad{
      {"toy.so", "unknown target \"toy.so\" (did you mean plugin:toy.so?): expected reference, "},
      {"cpython:", "unknown target \"cpython:\": expected"},
      {"cpython:/a,b/x.so", "write a comma inside of a word as two: \",,\""},
      {"cpython:x.so,adapter=none", "unknown adapter \"none\": expected one of auto, "},
      {"cpython:x.so,colour=red", "target option \"colour=red\": expected one of adapter=VALUE"},
      {"cpython:x.so,path=", "target option \"path=\""},
      {"cpython:x.so,site=maybe", "expected site=on or site=off"}};
  for (const auto& [target, message] : bad) {
    const Finished finished = pep554({"run", "--target", target});
    EXPECT_EQ(finished.code, 2) << target;
    EXPECT_THAT(finished.err, HasSubstr(message));
  }
}

TEST(Run, ReportsATargetThatDoesNotStart) {
  const fs::path out = fresh_folder();
  std::ofstream(out / "malformed.so") << "no ELF";
  std::ofstream(out / "interpreters.py") << "raise ImportError('planned failure')\n";
  const std::vector<std::pair<std::string, std::string>> bad{
      {"cpython:/no/such/libpython.so", "/no/such/libpython.so"},
      {"cpython:" + (out / "malformed.so").string(), "malformed.so"},
      {"cpython:libc.so.6", "libc.so.6"},
      {"cpython:" PEP554_LIBPYTHON ",path=/nowhere", "interpreters"},
      {"plugin:/no/such/plugin.so", "plugin /no/such/plugin.so: no such file"},
      {"plugin:" + (out / "malformed.so").string(), "malformed.so"},
      {"host:/bin/true", "/bin/true ended without `hello`"},
      {"python:/bin/true", "/bin/true ended without `hello`"},
      {"python:/no/such/python", "cannot start /no/such/python: No such file or directory"},
      {"host:/bin/echo,hello there", "/bin/echo sent malformed data instead of `hello`"},
      {"host:/bin/ls,/no/such/file", "ended without `hello`: /bin/ls: cannot access"},
      {"host:/no/such/host", "cannot start /no/such/host: No such file or directory"},
      {"cpython:" PEP554_LIBPYTHON ",path=" + out.string(), "planned failure"}};
  for (const auto& [target, message] : bad) {
    const Finished finished = pep554({"run", "--target", target, "--out", out.string()});
    EXPECT_EQ(finished.code, 3) << target;
    EXPECT_THAT(finished.err, AllOf(StartsWith("pep554: target "), HasSubstr("did not start"),
                                    HasSubstr(message)));
    EXPECT_EQ(std::ranges::count(finished.err, '\n'), 1) << finished.err;
    EXPECT_THAT(finished.left, IsEmpty());
  }
}

TEST(Run, UsesTheBuiltinModuleOfAPython) {
  const fs::path out = fresh_folder();
  const Finished finished = pep554({"run", "-q", "--target", "cpython:" PEP554_LIBPYTHON,
                                    "--filter", "get_main.*", "--out", out.string()});
  EXPECT_EQ(finished.code, 0) << finished.err;
  const nlohmann::json facts = results(out).at("target").at("facts");
  EXPECT_THAT(facts, testing::Contains(
                         nlohmann::json{{"name", "adapter"}, {"value", "xxsubinterpreters"}}));
}

TEST(Run, JudgesAVirtualEnvironmentAsAProcess) {
  const fs::path out = fresh_folder();
  ASSERT_EQ(
      run({"/usr/bin/python3.11", "-m", "venv", "--without-pip", (out / "venv").string()}).code, 0);
  const std::string python = (out / "venv/bin/python").string();
  const Finished finished = pep554({"run", "-q", "--target", "python:" + python, "--filter",
                                    "get_main.*", "--out", (out / "report").string()});
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, AllOf(HasSubstr("judged: cpython 3.11."),
                                  HasSubstr(", process, adapter xxsubinterpreters\n")));
  EXPECT_THAT(results(out / "report").at("target").at("facts"),
              testing::Contains(nlohmann::json{{"name", "executable"}, {"value", python}}));
}

TEST(Run, JudgesTheTargetsOfAFileOneAfterTheOther) {
  const fs::path out = fresh_folder();
  const fs::path file = out / "targets.toml";
  std::ofstream(file) << "[[target]]\nname = 'gone'\ntarget = 'plugin:gone.so'\n"
                         "[[target]]\nname = 'ours'\ntarget = 'reference'\n";
  const Finished finished = pep554({"run", "-q", "--targets", file.string(), "--filter", "id.*",
                                    "--out", (out / "all").string()});
  EXPECT_EQ(finished.code, 3) << finished.out;
  EXPECT_THAT(finished.err, HasSubstr("target gone did not start: plugin " + out.string()));
  EXPECT_THAT(finished.out,
              AllOf(HasSubstr("== gone\n"), HasSubstr("== ours\n"), HasSubstr("/all/index.html")));
  EXPECT_EQ(results(out / "all" / "ours").at("target").at("name"), "reference");
  const auto index = nlohmann::json::parse(read_file(out / "all" / "targets.json"));
  EXPECT_THAT(index["targets"][0]["problem"].get<std::string>(), HasSubstr("no such file"));
  EXPECT_EQ(index["targets"][0]["results"], "");
  EXPECT_EQ(index["targets"][1]["results"], "ours/results.json");
  EXPECT_THAT(read_file(out / "all" / "index.html"),
              AllOf(HasSubstr("ours/index.html"), HasSubstr("Did not start")));
}

TEST(Run, RefusesABadFileOfTargets) {
  const fs::path out = fresh_folder();
  std::ofstream(out / "targets.toml") << "[[target]]\nname = 'x'\ntarget = 'pypy'\n";
  const Finished finished = pep554({"run", "--targets", (out / "targets.toml").string()});
  EXPECT_EQ(finished.code, 2);
  EXPECT_THAT(finished.err, HasSubstr("targets.toml:3:10: unknown target \"pypy\""));
  EXPECT_EQ(pep554({"run", "--targets", "x.toml", "--target", "reference"}).code, 2);
}

TEST(Run, ReportsEveryErrorOfEveryTable) {
  const fs::path out = fresh_folder();
  std::ofstream(out / "a.toml") << "about = \"a\"\n[[case]]\nname = \"x\"\n";
  std::ofstream(out / "b.toml") << "about = ]\n";
  const Finished finished = pep554({"run", "--cases", out.string()});
  EXPECT_EQ(finished.code, 2);
  EXPECT_THAT(finished.err,
              AllOf(HasSubstr("a.toml:2:1: expected \"title\""),
                    HasSubstr("a.toml:2:1: expected \"clauses\""), HasSubstr("b.toml:1:9: ")));
}

TEST(Run, ReportsUnwritableResults) {
  const fs::path out = fresh_folder();
  std::ofstream(out / "file") << "in the way";
  const Finished finished =
      pep554({"run", "-q", "--filter", "id.exists", "--out", (out / "file" / "sub").string()});
  EXPECT_EQ(finished.code, 5);
  EXPECT_THAT(finished.err, HasSubstr("file"));
}

TEST(Run, RefusesWrongUsage) {
  EXPECT_EQ(pep554({}).code, 2);
  EXPECT_EQ(pep554({"judge"}).code, 2);
  EXPECT_EQ(pep554({"run", "--jobs", "0"}).code, 2);
  EXPECT_EQ(pep554({"run", "--timeout", "-1"}).code, 2);
  EXPECT_EQ(pep554({"list", "everything"}).code, 2);
}

TEST(Run, PrintsProgressLinesInALog) {
  const fs::path out = fresh_folder();
  const Finished finished =
      pep554({"run", "--target", own_module, "--filter", "create.*", "--out", out.string()});
  EXPECT_THAT(finished.err,
              AllOf(HasSubstr(" run, "), Not(HasSubstr("\033")), Not(HasSubstr("\r"))));
}

TEST(Run, PrintsInColourOnATerminal) {
  const fs::path out = fresh_folder();
  const std::string command =
      PEP554_BUILD_DIR "/bin/pep554 run --filter 'create.*' --out " + out.string();
  const auto on_terminal = [&](const std::string& environment) {
    return run({"script", "-qec", environment + " " + command, "/dev/null"}).out;
  };
  EXPECT_THAT(on_terminal("env -u NO_COLOR TERM=xterm"),
              AllOf(HasSubstr("\r\033[K["), HasSubstr("\033[32mpass\033[0m")));
  EXPECT_THAT(on_terminal("NO_COLOR=1 TERM=xterm"), Not(HasSubstr("\033[32m")));
}

TEST(Run, PrintsInColourWhereItIsAskedTo) {
  const auto with = [out = fresh_folder().string()](const char* when) {
    return pep554({"run", "-q", "--filter", "case=id.exists", "--out", out, "--color", when});
  };
  EXPECT_THAT(with("always").out, HasSubstr("\033[32mpass\033[0m"));
  EXPECT_THAT(with("auto").out, Not(HasSubstr("\033[")));
  EXPECT_THAT(with("never").out, Not(HasSubstr("\033[")));
  EXPECT_EQ(with("sometimes").code, 2);
}

} // namespace
} // namespace pep554::test
