// Interrupted runs: by signals, by a full disk, by a reader that closes the output. Nothing
// is lost, nothing is left, and --resume finishes them.
#include <algorithm>
#include <csignal>
#include <fstream>
#include <sstream>

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

// The page and junit.xml of a run have times in them: only what stands before and between is held.
std::string without_digits(std::string text) {
  std::erase_if(text, [](char c) { return std::string_view("0123456789.").find(c) < 11; });
  return text;
}

void write(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

size_t lines(const fs::path& file) {
  return static_cast<size_t>(std::ranges::count(read_file(file), '\n'));
}

void expect_same_reports(const fs::path& one, const fs::path& two) {
  EXPECT_EQ(without_times(results(one)), without_times(results(two)));
  for (const char* name : {"junit.xml", "index.html"})
    EXPECT_EQ(without_digits(read_file(one / name)), without_digits(read_file(two / name))) << name;
}

std::string plain_case(const std::string& name) {
  return "[[case]]\nname = '" + name +
         "'\ntitle = 'A case that passes'\nclauses = ['create.object']\n"
         "steps = [{ do = 'create', as = 'a', expect = 'ok' }]\n";
}

std::string case_of_code(const std::string& name, const std::string& code) {
  return "[[case]]\nname = '" + name +
         "'\ntitle = 'Code'\nclauses = ['run.code']\ndeadline_ms = 100000\n"
         "steps = [{ do = 'eval', expect = { emits = ['there'] }, code = \"\"\"\n"
         "import os, signal, time\n" +
         code + "$emit('there')\n\"\"\" }]\n";
}

// The file OUT/began appears when the case in the middle has begun; it ends when there is OUT/go.
class Interrupted : public testing::Test {
protected:
  void SetUp() override {
    out_ = fresh_folder();
    fs::create_directories(out_ / "cases");
    fs::create_directories(out_ / "temporary");
    ::setenv("PEP554_WRITABLE", out_.c_str(), 1);
  }

  std::string path(const char* name) const { return "'" + (out_ / name).string() + "'"; }
  std::string say_began() const {
    return "open(os.environ['TMPDIR'] + '/left', 'w').close(); open(" + path("began") +
           ", 'w').close()\n";
  }
  std::string wait_for_go() const {
    return "while not os.path.exists(" + path("go") + "): time.sleep(0.01)\n";
  }
  std::string daemonize() const {
    return "if not os.path.exists(" + path("go") +
           ") and os.fork() == 0:\n    os.setsid()\n    if os.fork(): os._exit(0)\n    " +
           say_began() + "    while True: time.sleep(1)\n";
  }

  void write_cases(const std::string& middle) const {
    write(out_ / "cases" / "t.toml", "about = 'Cases of a test'\n" + plain_case("aa") +
                                         case_of_code("bb", middle) + plain_case("cc"));
  }

  std::vector<std::string> words(const std::string& target = "reference") const {
    auto words = pep554_words({"run", "--jobs", "1", "--target", target, "--cases",
                               (out_ / "cases").string(), "--out", (out_ / "report").string()});
    words.insert(words.begin(), {"env", "TMPDIR=" + (out_ / "temporary").string()});
    return words;
  }

  Finished resume() const { return pep554({"run", "--resume", (out_ / "report").string()}); }

  void expect_resumable(size_t missing) const {
    write(out_ / "go", "");
    const Finished resumed = resume();
    EXPECT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_THAT(resumed.left, IsEmpty());
    EXPECT_THAT(resumed.err, HasSubstr("3 of 3 run, 0 not passed"));
    EXPECT_EQ(lines(out_ / "report" / "histories.jsonl"), 5U); // run, three cases, end
    EXPECT_EQ(std::ranges::count(resumed.err, '\n'),
              static_cast<std::ptrdiff_t>(missing) + 1); // and isolation
  }

  bool no_file_is_left() const { return fs::is_empty(out_ / "temporary"); }

  fs::path out_;
};

TEST_F(Interrupted, ResumedRunsHaveTheSameReports) {
  const fs::path whole = out_ / "whole";
  const fs::path part = out_ / "part";
  ASSERT_EQ(pep554({"run", "-q", "--out", whole.string()}).code, 0);
  const std::string store = read_file(whole / "histories.jsonl");
  for (const size_t kept : {store.find('\n') + 1, store.size() / 3, store.size() - 5}) {
    fs::remove_all(part);
    fs::create_directories(part);
    write(part / "histories.jsonl", store.substr(0, kept));
    const Finished resumed = pep554({"run", "-q", "--resume", part.string()});
    EXPECT_EQ(resumed.code, 0) << resumed.err;
    expect_same_reports(part, whole);
    EXPECT_EQ(lines(part / "histories.jsonl"), lines(whole / "histories.jsonl"));
  }
}

// What was judged before is not known of it.
TEST_F(Interrupted, AModuleThatChangedMeanwhileIsRefused) {
  const fs::path modules = out_ / "modules";
  fs::create_directories(modules);
  write(modules / "interpreters.py", "def get_main(): raise RuntimeError\n");
  const std::string target = "python:/usr/bin/python3.11,path=" + modules.string();
  const std::string report = (out_ / "report").string();
  pep554({"run", "-q", "--target", target, "--filter", "get_main.*", "--out", report});
  const std::string store = read_file(out_ / "report" / "histories.jsonl");
  write(out_ / "report" / "histories.jsonl", store.substr(0, store.find('\n') + 1));
  EXPECT_NE(pep554({"run", "-q", "--resume", report}).code, 2) << "it has not changed";
  write(out_ / "report" / "histories.jsonl", store.substr(0, store.find('\n') + 1));
  write(modules / "interpreters.py", "def get_main(): return 1\n");
  const Finished resumed = pep554({"run", "-q", "--resume", report});
  EXPECT_EQ(resumed.code, 2);
  EXPECT_THAT(resumed.err, HasSubstr("does not fit: the target said of itself \"files_sha256="));
}

TEST_F(Interrupted, ResumingACompleteRunOnlyReports) {
  const fs::path python = out_ / "python";
  fs::create_symlink("/usr/bin/python3.11", python);
  const std::string report = (out_ / "report").string();
  ASSERT_EQ(pep554({"run", "-q", "--target", "python:" + python.string(), "--filter", "get_main.*",
                    "--out", report})
                .code,
            0);
  const std::string store = read_file(out_ / "report" / "histories.jsonl");
  const nlohmann::json before = results(report);
  fs::remove(out_ / "report" / "results.json");
  fs::remove(python); // the target could not be started again
  const Finished resumed = resume();
  EXPECT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_THAT(resumed.err, IsEmpty());
  EXPECT_EQ(results(report), before);
  EXPECT_EQ(read_file(out_ / "report" / "histories.jsonl"), store);
}

TEST_F(Interrupted, RejectsTheStoreOfAnotherRun) {
  write_cases("");
  const fs::path report = out_ / "report";
  ASSERT_EQ(run(words()).code, 0);
  const std::string store = read_file(report / "histories.jsonl");
  const auto refuses = [&](std::vector<std::string> more, const std::string& why) {
    more.insert(more.begin(), {"run", "--resume", report.string()});
    const Finished finished = pep554(more);
    EXPECT_EQ(finished.code, 2) << why;
    EXPECT_THAT(finished.err, AllOf(HasSubstr("report"), HasSubstr(why)));
    EXPECT_EQ(std::ranges::count(finished.err, '\n'), 1) << finished.err;
  };
  refuses({"--target", "cpython:x"}, "its target is \"reference\", not \"cpython:x\"");
  refuses({"--filter", "t.aa"}, "its filter is \"\", not \"t.aa\"");
  refuses({"--timeout", "3"}, "its timeout in ms is \"0\", not \"3000\"");
  write_cases("'another'\n");
  refuses({}, "its cases are not those that are selected now");
  write_cases("");
  const size_t second = store.find('\n') + 1;
  write(report / "histories.jsonl", store.substr(0, second) + "malformed\n" + store.substr(second));
  refuses({}, "histories.jsonl:2: not a record of a run: ");
  write(report / "histories.jsonl", store.substr(0, second / 2));
  refuses({}, "histories.jsonl:1: there is no whole record");
  fs::remove(report / "histories.jsonl");
  refuses({}, "there is no such file");
  EXPECT_EQ(pep554({"run", "--resume", report.string(), "--out", "x"}).code, 2);
}

TEST_F(Interrupted, ResumedRunsKeepTheirOptions) {
  write_cases("assert os.environ.get('PEP554_NETWORK') == 'on'\n");
  auto command = words();
  command.insert(command.end(), {"--network", "--repeat", "2"});
  ASSERT_EQ(run(command).code, 0);
  const fs::path store = out_ / "report" / "histories.jsonl";
  const std::string text = read_file(store);
  write(store, text.substr(0, text.find('\n') + 1));
  EXPECT_EQ(resume().code, 0);
  EXPECT_THAT(read_file(store), HasSubstr(R"("repeat":2,"network":true)"));
  EXPECT_EQ(lines(store), 8U); // each case twice
  EXPECT_EQ(pep554({"run", "--resume", (out_ / "report").string(), "--repeat", "3"}).code, 2);
}

TEST_F(Interrupted, OfSeveralTargetsOnlyMissingCasesRun) {
  write(out_ / "targets.toml", "[[target]]\nname = 'one'\ntarget = 'reference'\n"
                               "[[target]]\nname = 'two'\ntarget = 'cpython:" PEP554_LIBPYTHON
                               "'\n[[target]]\nname = 'three'\ntarget = 'reference'\n");
  const std::string targets = (out_ / "targets.toml").string();
  const fs::path all = out_ / "all";
  pep554({"run", "-q", "--targets", targets, "--filter", "get_main.*", "--out", all.string()});
  const nlohmann::json before = results(all / "two");
  const std::string one = read_file(all / "one" / "histories.jsonl");
  const std::string two = read_file(all / "two" / "histories.jsonl");
  write(all / "two" / "histories.jsonl", two.substr(0, two.size() / 2));
  fs::remove_all(all / "three");
  const Finished resumed = pep554({"run", "-q", "--targets", targets, "--resume", all.string()});
  EXPECT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_EQ(read_file(all / "one" / "histories.jsonl"), one);
  EXPECT_EQ(without_times(results(all / "two")), without_times(before));
  EXPECT_EQ(results(all / "three").at("filter"), "get_main.*");
  EXPECT_THAT(pep554({"run", "--targets", targets, "--resume", (out_ / "none").string()}).err,
              HasSubstr("has a store of histories there: nothing to resume"));
}

class Signal : public Interrupted, public testing::WithParamInterface<int> {};

TEST_P(Signal, EndsARunCleanly) {
  write_cases(say_began() + wait_for_go());
  Running running(words());
  ASSERT_TRUE(appears(out_ / "began"));
  running.signal(GetParam());
  const Finished finished = running.finish();
  EXPECT_EQ(finished.code, 6) << finished.err;
  EXPECT_THAT(finished.left, IsEmpty());
  EXPECT_TRUE(no_file_is_left());
  EXPECT_THAT(finished.err, HasSubstr("pep554: interrupted: 1 of 3 were run; to finish: "
                                      "pep554 run --resume "));
  const nlohmann::json document = results(out_ / "report");
  EXPECT_EQ(document.at("unreached"), 2);
  EXPECT_EQ(document.at("conformant"), false);
  EXPECT_EQ(document.at("claim"), "No claim: only 1 of 3 cases were run against reference.");
  EXPECT_EQ(verdict(document, "cases", "t.aa"), "pass");
  EXPECT_EQ(verdict(document, "cases", "t.bb"), "not-run");
  EXPECT_EQ(verdict(document, "cases", "t.cc"), "not-run");
  EXPECT_THAT(read_file(out_ / "report" / "index.html"), HasSubstr("the run was interrupted"));
  expect_resumable(2);
}

INSTANTIATE_TEST_SUITE_P(All, Signal, testing::Values(SIGINT, SIGTERM, SIGHUP));

TEST_F(Interrupted, AnIgnoredSignalStaysIgnored) {
  write_cases(say_began() + wait_for_go());
  auto command = words();
  command.insert(command.begin(), {"nohup"});
  Running running(command);
  ASSERT_TRUE(appears(out_ / "began"));
  running.signal(SIGHUP);
  write(out_ / "go", "");
  EXPECT_EQ(running.finish().code, 0);
}

// A host that sends `hello` and `begin`, and never exits by itself.
TEST_F(Interrupted, ASecondSignalEndsAtOnce) {
  write_cases("");
  write(
      out_ / "host.py",
      "import os, struct, sys, tempfile, time\n"
      "os.mkdir('%s/pep554-host-%d-abcdef' % (tempfile.gettempdir(), os.getpid()))\n"
      "hello = b'{\"msg\":\"hello\",\"protocol\":1,\"plugin\":{},\"facts\":[],\"extensions\":[]}'\n"
      "sys.stdout.buffer.write(struct.pack('>I', len(hello)) + hello)\n"
      "sys.stdout.buffer.flush()\nsys.stdin.buffer.read(4)\nopen(" +
          path("began") + ", 'w').close()\ntime.sleep(600)\n");
  Running running(words("host:/usr/bin/python3.11," + (out_ / "host.py").string()));
  ASSERT_TRUE(appears(out_ / "began"));
  running.signal(SIGINT);
  running.signal(SIGTERM);
  const Finished finished = running.finish();
  EXPECT_EQ(finished.code, 6);
  EXPECT_THAT(finished.left, IsEmpty());
  EXPECT_FALSE(fs::exists(out_ / "report" / "results.json")); // it did not wait for the host
  EXPECT_TRUE(no_file_is_left());
}

class Killed : public Interrupted, public testing::WithParamInterface<const char*> {};

TEST_P(Killed, LeavesNoProcessOfAWaitingProgram) {
  write_cases(say_began() + wait_for_go());
  Running running(words(GetParam()));
  ASSERT_TRUE(appears(out_ / "began"));
  running.signal(SIGKILL);
  EXPECT_TRUE(running.everybody_leaves());
  EXPECT_TRUE(no_file_is_left());
  expect_resumable(2);
}

TEST_P(Killed, LeavesNoDaemonOfAProgram) {
  write_cases(daemonize() + wait_for_go());
  Running running(words(GetParam()));
  ASSERT_TRUE(appears(out_ / "began"));
  running.signal(SIGKILL);
  EXPECT_TRUE(running.everybody_leaves());
  EXPECT_TRUE(no_file_is_left());
  expect_resumable(2);
}

INSTANTIATE_TEST_SUITE_P(Hosts, Killed, testing::Values("reference", "python:/usr/bin/python3.11"),
                         [](const auto& one) { return one.index == 0 ? "Plugin" : "Agent"; });

// The host is killed while a daemon of its program lives: pep554 ends that one, and no other host.
TEST_F(Interrupted, DaemonsOfKilledHostsAreKilled) {
  std::string table = "about = 'Cases of a test'\n";
  for (const char digit : std::string("123456")) {
    table += case_of_code(std::string("kill-") + digit,
                          daemonize() + "while not os.path.exists(" + path("began") +
                              "): time.sleep(0.01)\nos.kill(os.getppid(), signal.SIGKILL)\n" +
                              wait_for_go());
    for (const char second : std::string("1234567890"))
      table += plain_case(std::string("plain-") + digit + second);
  }
  write(out_ / "cases" / "t.toml", table);
  const Finished finished =
      pep554({"run", "-q", "--jobs", "4", "--cases", (out_ / "cases").string(), "--out",
              (out_ / "report").string()});
  EXPECT_EQ(finished.code, 1) << finished.err;
  EXPECT_THAT(finished.left, IsEmpty());
  const nlohmann::json counts = results(out_ / "report").at("counts").at("cases");
  EXPECT_EQ(counts.at("pass"), 60);
  EXPECT_EQ(counts.at("crash"), 6);
}

// Lines but for those of a build that is instrumented for coverage.
std::ptrdiff_t lines_of_ours(const std::string& text) {
  std::istringstream stream(text);
  std::ptrdiff_t count = 0;
  for (std::string line; std::getline(stream, line);)
    count += line.starts_with("profiling:") ? 0 : 1;
  return count;
}

// Such a build writes larger files than the disk takes, which are not what is tested: it is sent to
// a place where it writes none.
TEST_F(Interrupted, AFullDiskStopsTheRunAndKeepsItsResults) {
  const fs::path report = out_ / "report";
  const Finished full = run(
      {"sh", "-c", "export GCOV_PREFIX=/dev/null; ulimit -f 400; exec \"$0\" \"$@\"",
       PEP554_BUILD_DIR "/bin/pep554", "run", "-q", "--examples", "0", "--out", report.string()});
  EXPECT_EQ(full.code, 5);
  EXPECT_THAT(full.err, AllOf(HasSubstr("pep554: cannot write "),
                              HasSubstr("histories.jsonl: File "
                                        "too large: "),
                              HasSubstr(" were run; to finish: pep554 run --resume ")));
  EXPECT_EQ(lines_of_ours(full.err), 1) << full.err;
  EXPECT_THAT(full.left, IsEmpty());
  EXPECT_GT(lines(report / "histories.jsonl"), 10U);
  EXPECT_EQ(pep554({"run", "-q", "--resume", report.string()}).code, 0);
  EXPECT_EQ(results(report).at("unreached"), 0);
}

TEST_F(Interrupted, AnUnwritableFolderIsReportedBeforeTheFirstCase) {
  write_cases(say_began());
  write(out_ / "report", "a file is in the way");
  const Finished finished = run(words());
  EXPECT_EQ(finished.code, 5);
  EXPECT_THAT(finished.err,
              AllOf(HasSubstr("pep554: cannot write "), HasSubstr("Not a directory")));
  EXPECT_EQ(std::ranges::count(finished.err, '\n'), 1) << finished.err;
  EXPECT_FALSE(fs::exists(out_ / "began"));
  fs::remove(out_ / "report");
  fs::create_directories(out_ / "report" / "junit.xml");
  EXPECT_EQ(run(words()).code, 5);
  EXPECT_FALSE(fs::exists(out_ / "began"));
}

TEST_F(Interrupted, AClosedOutputDoesNotStopTheRun) {
  write_cases("os.write(2, b'x')\n");
  write(out_ / "go", "");
  const std::string command = "cd '" + out_.string() +
                              "'; rm -rf report; { " PEP554_BUILD_DIR
                              "/bin/pep554 run --cases cases --out report";
  for (const char* with_cleanup :
       {"; echo $? >code; } 2>err | true", " 2>&1 >out; echo $? >code; } | true",
        " >&- 2>&-; echo $? >code; }"}) {
    run({"sh", "-c", command + with_cleanup});
    EXPECT_EQ(read_file(out_ / "code"), "0\n") << with_cleanup;
    EXPECT_EQ(results(out_ / "report").at("unreached"), 0) << with_cleanup;
    EXPECT_EQ(lines(out_ / "report" / "histories.jsonl"), 5U) << with_cleanup;
  }
  EXPECT_THAT(read_file(out_ / "err"), Not(HasSubstr("pep554: ")));
  run({"sh", "-c", command + " >/dev/full 2>err; echo $? >code; }"});
  EXPECT_EQ(read_file(out_ / "code"), "5\n");
  EXPECT_THAT(read_file(out_ / "err"), HasSubstr("cannot write standard output: No space left"));
}

} // namespace
} // namespace pep554::test
