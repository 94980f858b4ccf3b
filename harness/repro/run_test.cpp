// Reproductions are executed: on Debian's Python with the reference, with the module that it has,
// and over the plugin for CPython.
#include <csignal>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/properties/generator.h"
#include "cases/tables.h"
#include "harness/engine/judge.h"
#include "harness/repro/confirm.h"

namespace pep554::repro {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path source = PEP554_SOURCE_DIR;
const fs::path build = PEP554_BUILD_DIR;

const ClauseSet& clauses() {
  static const ClauseSet set = [] {
    Diagnostics diagnostics;
    return load_clauses(source / "spec/clauses.toml", "spec/clauses.toml", diagnostics);
  }();
  return set;
}

fs::path fresh_folder() {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  fs::path folder =
      build / "tests/out" / (std::string("repro_") + test->test_suite_name() + "." + test->name());
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder;
}

using Environment = std::vector<std::pair<std::string, std::string>>;

// The environment that the modules and plugins of a sanitizer build need in a foreign process.
Environment for_this_build() {
  if (*PEP554_PRELOAD == '\0')
    return {};
  return {
      {"LD_PRELOAD", PEP554_PRELOAD},
      {"ASAN_OPTIONS", "detect_leaks=0:quarantine_size_mb=1:thread_local_quarantine_size_kb=64"},
      {"TSAN_OPTIONS", "die_after_fork=0"}};
}

ScriptTermination executed(const std::vector<std::string>& command,
                           const Environment& environment = {}) {
  return execute({command, environment, std::chrono::minutes(1)}).value();
}

// `path`, if any, is where modules are; otherwise this build's are.
ScriptTermination run_script(const std::string& script, const fs::path& folder,
                             const fs::path& path = {}) {
  std::ofstream(folder / "repro.py") << script;
  Environment environment = path.empty() ? for_this_build() : Environment{};
  environment.emplace_back("PYTHONPATH", (path.empty() ? build / "impl" : path).string());
  return executed({PEP554_PYTHON, (folder / "repro.py").string()}, environment);
}

// The program of a C text, built as the comment in it says, on the plugin for CPython.
ScriptTermination run_program(const std::string& text, const fs::path& folder) {
  std::ofstream(folder / "repro.c") << text;
  const ScriptTermination built = executed(
      {"cc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-I", (source / "harness/abi").string(),
       (folder / "repro.c").string(), "-ldl", "-pthread", "-o", (folder / "repro").string()});
  EXPECT_EQ(built.status, 0) << built.output;
  return executed({(folder / "repro").string(), (build / "lib/pep554-cpython.so").string(),
                   "libpython=" PEP554_LIBPYTHON, "path=" + (build / "impl").string()},
                  for_this_build());
}

Case generated(std::uint64_t number) {
  Case one = case_of(generate(properties::everything(), 20170905, number), {"create.initializes"});
  one.title = "Example " + std::to_string(number);
  return one;
}

Case idle(bool expected) {
  Case one;
  one.title = "A new interpreter";
  one.clauses = {"is_running.idle"};
  one.program.lanes = {{{Op::create, "", "a", ""}, {Op::is_running, "a", "", ""}}};
  Expectation truth;
  truth.truth = expected;
  one.expectations = {{std::nullopt, truth}};
  return one;
}

// Expects that a script did not reproduce anything.
int status_of(const Case& one) {
  return one.program.finish == Finish::finalize ? good_end : 0;
}

TEST(ScriptRun, GeneratedProgramsOnTheReference) {
  const fs::path folder = fresh_folder();
  for (std::uint64_t number = 40; number < 100; ++number) {
    const Case one = generated(number);
    const ScriptTermination termination = run_script(python_script({one, clauses()}, {}), folder);
    ASSERT_EQ(termination.status, status_of(one)) << number << ": " << describe(termination) << "\n"
                                                  << termination.output;
    EXPECT_THAT(termination.output, HasSubstr("not reproduced:"));
  }
}

// Until it is gone, not only until it says so: what a program does next must not meet it. One that
// stays is not waited for in vain, whenever it began.
TEST(ScriptRun, WaitsForFinishedThreads) {
  using properties::SnippetKind;
  std::string ends = properties::source_of(
      std::vector<properties::Snippet>{{SnippetKind::finished_thread, 0, {}}});
  const std::string last = "    done.release()\n";
  const size_t at = ends.find(last);
  ASSERT_NE(at, std::string::npos) << ends;
  ends.insert(at + last.size(), "    time.sleep(0.3)\n");
  const std::string after_one_that_stays =
      properties::source_of(std::vector<properties::Snippet>{
          {SnippetKind::lingering_thread, 0, {}}, {SnippetKind::finished_thread, 0, {}}}) +
      "$emit(wait < 999)\n";
  Case one = idle(false);
  one.program.lanes = {{{Op::create, "", "a", ""},
                        {Op::run, "a", "", ends},
                        {Op::destroy, "a", "", ""},
                        {Op::eval, "", "", after_one_that_stays}}};
  Expectation emits;
  emits.emits = {"True"};
  one.expectations = {{Expectation{}, Expectation{}, Expectation{}, emits}};
  one.program.lanes[0][3].text.insert(0, "import sys\nsys.setswitchinterval(10)\n");
  const ScriptTermination termination =
      run_script(python_script({one, clauses()}, {}), fresh_folder());
  EXPECT_EQ(termination.status, 0) << termination.output;
}

TEST(ScriptRun, ReportsAWrongExpectation) {
  const ScriptTermination termination =
      run_script(python_script({idle(true), clauses()}, {}), fresh_folder());
  EXPECT_EQ(termination.status, 1);
  EXPECT_EQ(termination.output, "reproduced: a.is_running(): expected: True; got: False\n");
}

TEST(ScriptRun, AFailedPreparationReproducesNothing) {
  Case one = idle(false);
  one.program.lanes[0][0] = {Op::construct, "", "a", "123456789"};
  one.expectations[0][1].reset();
  one.program.lanes[0][1] = {Op::run, "a", "", "pass"};
  const ScriptTermination termination =
      run_script(python_script({one, clauses()}, {}), fresh_folder());
  EXPECT_EQ(termination.status, 2) << termination.output;
}

TEST(ScriptRun, AHangEndsAtItsDeadline) {
  Case one = idle(false);
  one.program.lanes[0].push_back({Op::wait, "", "", "never"});
  one.expectations[0].emplace_back();
  one.program.limits.deadline = std::chrono::seconds(1);
  const ScriptTermination termination =
      run_script(python_script({one, clauses()}, {}), fresh_folder());
  EXPECT_EQ(termination.status, 1);
  EXPECT_THAT(termination.output, HasSubstr("Timeout ("));
  CaseResult hang;
  hang.verdict = Verdict::hang;
  EXPECT_TRUE(is_reproduced(expected_exit_of(hang, {}), termination));
}

TEST(ScriptRun, BothAreWrittenWhereTheFolderIs) {
  const Case one = idle(true);
  const fs::path folder = fresh_folder();
  EXPECT_TRUE(write_reproductions({one, clauses()}, {"", "run me"}, folder));
  std::ifstream script(folder / "repro.py");
  EXPECT_THAT(std::string(std::istreambuf_iterator<char>(script), {}), HasSubstr("run me\n"));
  EXPECT_TRUE(fs::exists(folder / "repro.c"));
  EXPECT_EQ(to_string(write_reproductions({one, clauses()}, {}, folder / "none").error()),
            (folder / "none/repro.py").string() + ": cannot be written");
}

properties::Action action(Op op, const std::string& on, const std::string& as = "") {
  return {op, 0, on, as, "", {}};
}

ScriptTermination run_on_its_own_module(Case one, const CaseResult* result) {
  one.title = "A failure of CPython 3.11";
  const fs::path folder = fresh_folder();
  return run_script(python_script({one, clauses(), result}, {"xxsubinterpreters", ""}), folder,
                    folder); // without the reference
}

ScriptTermination run_on_its_own_module(const std::vector<properties::Action>& actions,
                                        const CaseResult* result) {
  return run_on_its_own_module(properties::case_of({actions, Finish::quit}, {"isolation.survives"}),
                               result);
}

TEST(ScriptRun, ACrashOfCPythonsModuleIsReproduced) {
  properties::Action run = action(Op::run, "a");
  run.code = {{properties::SnippetKind::raise, 2}}; // an exception that cannot be put into words
  CaseResult crash;
  crash.verdict = Verdict::crash;
  const ScriptTermination termination =
      run_on_its_own_module({action(Op::create, "", "a"), run}, &crash);
  EXPECT_TRUE(termination.signal) << termination.output;
  Termination ended;
  ended.kind = Termination::Kind::signaled;
  ended.code = SIGABRT;
  EXPECT_TRUE(is_reproduced(expected_exit_of(crash, ended), termination)) << describe(termination);
}

TEST(ScriptRun, AWrongAnswerOfCPythonsModuleIsReproduced) {
  const std::vector<properties::Action> actions{action(Op::create, "", "a"),
                                                action(Op::construct, "a", "b"),
                                                action(Op::release, "a"), action(Op::destroy, "b")};
  // An id that is a number does not keep its interpreter there.
  Case one = properties::case_of({actions, Finish::quit}, {"destroy.destroys"});
  one.expectations.at(0).at(3) = Expectation{};
  const ScriptTermination termination = run_on_its_own_module(one, nullptr);
  EXPECT_EQ(termination.status, 1);
  EXPECT_THAT(termination.output,
              HasSubstr("reproduced: b.destroy(): expected: answers; got: RuntimeError"));
}

TEST(ScriptRun, TheShimServesCodeInEveryInterpreter) {
  properties::Action run = action(Op::run, "a");
  run.code = {{properties::SnippetKind::nest, 0, {{properties::SnippetKind::emit_main}}}};
  const ScriptTermination termination = run_on_its_own_module(
      {action(Op::get_main, "", "m"), action(Op::create, "", "a"), run}, nullptr);
  EXPECT_EQ(termination.status, 0) << termination.output;
}

// A thread of it keeps all of the program at the exit, as it does in a program.
TEST(ScriptRun, CodeInTheMainInterpreterIsOfMain) {
  Case one = idle(false);
  one.program.lanes[0].push_back(
      {Op::eval, "", "", "$emit(globals() is vars(__import__('__main__')))"});
  Expectation emits;
  emits.emits = {"True"};
  one.expectations[0].emplace_back(emits);
  const ScriptTermination termination =
      run_script(python_script({one, clauses()}, {}), fresh_folder());
  EXPECT_EQ(termination.status, 0) << termination.output;
}

TEST(ScriptRun, CodeDoesNotBindTheNamesOfTheScript) {
  Case one = idle(false);
  one.program.lanes[0].insert(one.program.lanes[0].begin() + 1,
                              {Op::eval, "", "", "a = reproduced = None\nassert interpreters"});
  one.expectations[0].insert(one.expectations[0].begin() + 1, Expectation{});
  EXPECT_EQ(run_script(python_script({one, clauses()}, {}), fresh_folder()).status, 0);
}

TEST(ScriptRun, TheFolderOfTheShimIsRemoved) {
  Case one = idle(false);
  one.program.lanes[0].push_back({Op::run, "a", "", "import interpreters"});
  one.expectations[0].emplace_back(Expectation{});
  const fs::path folder = fresh_folder();
  fs::create_directories(folder / "temporary");
  const std::string script = python_script({one, clauses()}, {"xxsubinterpreters", ""});
  const auto termination = [&](const std::string& last) {
    std::ofstream(folder / "repro.py") << script.substr(0, script.rfind("os._exit(0)")) << last;
    return executed({"/usr/bin/env", "TMPDIR=" + (folder / "temporary").string(), PEP554_PYTHON,
                     (folder / "repro.py").string()});
  };
  const ScriptTermination good = termination("raise SystemExit(7)\n");
  EXPECT_EQ(good.status, 7) << good.output;
  const ScriptTermination crashed = termination("os.abort()\n");
  EXPECT_EQ(crashed.signal, SIGABRT) << crashed.output;
  EXPECT_THAT(crashed.output, HasSubstr("not reproduced: "));
  EXPECT_TRUE(fs::is_empty(folder / "temporary"));
}

TEST(ScriptRun, EmissionsAtExitBelongToTheirStep) {
  Case one;
  one.clauses = {"destroy.finalizes"};
  one.program.lanes = {{{Op::create, "", "a", ""},
                        {Op::run, "a", "", "import atexit\natexit.register(lambda: $emit('bye'))"},
                        {Op::destroy, "a", "", ""}}};
  Expectation emits;
  emits.emits = {"bye"};
  Expectation during;
  during.during = {"bye"};
  one.expectations = {{std::nullopt, emits, during}};
  const fs::path folder = fresh_folder();
  EXPECT_EQ(run_script(python_script({one, clauses()}, {}), folder).status, 0);
  EXPECT_EQ(run_program(c_program({one, clauses()}), folder).status, 0);
  one.expectations[0][1]->emits = {"bye", "bye"};
  EXPECT_EQ(run_script(python_script({one, clauses()}, {}), folder).status, 1);
  EXPECT_EQ(run_program(c_program({one, clauses()}), folder).status, 1);
}

TEST(ScriptRun, AnotherExitStatusIsReproduced) {
  Case one;
  one.clauses = {"exit.clean"};
  one.program.finish = Finish::finalize;
  one.program.lanes = {
      {{Op::eval, "", "", "import atexit, os\natexit.register(lambda: os._exit(0))"}}};
  one.expectations = {{Expectation{}}};
  CaseResult broken;
  broken.verdict = Verdict::broken_at_exit;
  const ExpectedExit expected = expected_exit_of(broken, {});
  const fs::path folder = fresh_folder();
  EXPECT_TRUE(is_reproduced(expected, run_script(python_script({one, clauses()}, {}), folder)));
  EXPECT_TRUE(is_reproduced(expected, run_program(c_program({one, clauses()}), folder)));
  one.program.lanes[0][0].text = "pass";
  EXPECT_FALSE(is_reproduced(expected, run_script(python_script({one, clauses()}, {}), folder)));
  EXPECT_FALSE(is_reproduced(expected, run_program(c_program({one, clauses()}), folder)));
}

TEST(ScriptRun, ALeakIsReproduced) {
  Case one;
  one.program.lanes = {{{Op::eval, "", "", "import os\nos.open('/dev/null', 0)"}}};
  one.expectations = {{Expectation{}}};
  one.clauses = {"module.frees"};
  one.program.repeat = 40;
  CaseResult leak;
  leak.verdict = Verdict::leak;
  const ScriptTermination termination =
      run_script(python_script({one, clauses(), &leak}, {}), fresh_folder());
  EXPECT_EQ(termination.output, "reproduced: repeated: expected: no growth; got: 1.00 "
                                "descriptors more each time\n");
  one.program.lanes[0][0].text = "import os\nos.close(os.open('/dev/null', 0))";
  EXPECT_EQ(run_script(python_script({one, clauses(), &leak}, {}), fresh_folder()).status, 0);
}

TEST(CProgram, GeneratedProgramsOnTheReference) {
  const fs::path folder = fresh_folder();
  for (std::uint64_t number = 60; number < 70; ++number) {
    const Case one = generated(number);
    const ScriptTermination termination = run_program(c_program({one, clauses()}), folder);
    ASSERT_EQ(termination.status, status_of(one)) << number << ": " << describe(termination) << "\n"
                                                  << termination.output;
    EXPECT_THAT(termination.output, HasSubstr("not reproduced:"));
  }
}

// Both are known only when it runs: of two interpreters and two lanes, in time and late.
TEST(ScriptRun, IdsAndThreadsInWhatIsEmittedAreChecked) {
  const std::string current = "import interpreters\nme = interpreters.get_current().id\n";
  const std::string thread = "import _thread\n$emit('100% ' + str(_thread.get_native_id()))\n";
  Case one;
  one.clauses = {"run.same-thread"};
  one.program.lanes = {
      {{Op::create, "", "a", ""},
       {Op::create, "", "b", ""},
       {Op::open, "", "", "go"},
       {Op::run, "a", "", current + "$emit(me)"},
       {Op::wait, "", "", "done"},
       {Op::destroy, "b", "", ""}},
      {{Op::wait, "", "", "go"},
       {Op::run, "b", "", thread},
       {Op::run, "b", "",
        current + "import atexit\n" + thread + "atexit.register(lambda: $emit(me))"},
       {Op::open, "", "", "done"}}};
  const auto emits = [](std::vector<std::string> texts) {
    Expectation expectation;
    expectation.emits = std::move(texts);
    return expectation;
  };
  Expectation during;
  during.during = {"{b.id}"};
  const auto none = std::nullopt;
  const std::vector<std::vector<std::optional<Expectation>>> right = {
      {none, none, none, emits({"{a.id}"}), none, during},
      {none, emits({"100% {lane.thread}"}), emits({"100% {lane.thread}", "{b.id}"}), none}};
  const fs::path folder = fresh_folder();
  const auto statuses = [&](size_t lane, size_t step, const Expectation& wanted) {
    one.expectations = right;
    one.expectations[lane][step] = wanted;
    const auto clauses_then = clauses();
    return std::pair{run_script(python_script({one, clauses_then}, {}), folder).status.value_or(-1),
                     run_program(c_program({one, clauses_then}), folder).status.value_or(-1)};
  };
  const std::pair not_shown{0, 0};
  const std::pair reproduced{1, 1};
  EXPECT_EQ(statuses(0, 5, during), not_shown);
  EXPECT_EQ(statuses(0, 3, emits({"{b.id}"})), reproduced);
  EXPECT_EQ(statuses(1, 1, emits({"100% {a.id}"})), reproduced);
  EXPECT_EQ(statuses(1, 2, emits({"100% {lane.thread}", "{a.id}"})), reproduced);
  during.during = {"{lane.thread}"};
  EXPECT_EQ(statuses(0, 5, during), reproduced);
}

TEST(CProgram, ReportsAWrongExpectation) {
  const ScriptTermination termination =
      run_program(c_program({idle(true), clauses()}), fresh_folder());
  EXPECT_EQ(termination.status, 1) << termination.output;
  EXPECT_THAT(termination.output, HasSubstr("reproduced: a.is_running(): "));
}

} // namespace
} // namespace pep554::repro
