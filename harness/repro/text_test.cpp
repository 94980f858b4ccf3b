// The texts: literals, headers, and that nothing is in a script that it does not need.
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/repro/python_names.h"
#include "harness/repro/reproduced.h"
#include "harness/repro/script.h"
#include "harness/repro/text.h"

namespace pep554::repro {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Expectation truth(bool value) {
  Expectation one;
  one.truth = value;
  return one;
}

ClauseSet clauses() {
  ClauseSet set;
  set.clauses = {{"is_running.answers",
                  ClauseKind::stated,
                  "whether or not it is running",
                  "True while it runs.",
                  "",
                  {},
                  {}},
                 {"is_running.idle",
                  ClauseKind::implied,
                  "",
                  "False before the first run.",
                  "An idle one does not run.",
                  {"is_running.answers"},
                  {}}};
  return set;
}

// a = create(); a.is_running() is expected to be False.
Case idle() {
  Case one;
  one.id = "is_running.new";
  one.title = "A new interpreter is not running";
  one.clauses = {"is_running.idle"};
  one.program.lanes = {{{Op::create, "", "a", ""}, {Op::is_running, "a", "", ""}}};
  one.expectations = {{std::nullopt, truth(false)}};
  return one;
}

TEST(Text, PythonLiterals) {
  EXPECT_EQ(python_literal("x = 1"), "\"x = 1\"");
  EXPECT_EQ(python_literal("x = \"1\"\n"), "'x = \"1\"\\n'");
  EXPECT_EQ(python_literal("a\nb\\n\r\"\"\"\""), "\"\"\"\\\na\nb\\\\n\\r\\\"\\\"\"\\\"\"\"\"");
  EXPECT_EQ(python_word("it's \"so\""), "'it\\'s \"so\"'");
}

TEST(Text, LiteralsOfC) {
  EXPECT_EQ(c_literal(std::string_view("a\0\n?\"\xc3\xa4", 7)), "\"a\\000\\n\\?\\\"\\303\\244\"");
}

TEST(Text, Macros) {
  const auto parts = split_macros("x\n$emit(1)\n$open('a-1')$wait(\\\"b\\\")$wait(c)");
  std::vector<std::string> texts;
  texts.reserve(parts.size());
  for (const CodePart& part : parts)
    texts.push_back(std::to_string(static_cast<int>(part.kind)) + part.text);
  EXPECT_THAT(texts, ElementsAre("0x\n", "1", "0(1)\n", "2a-1", "3b", "0$wait(c)"));
  EXPECT_THAT(gates_in("$open('a-1')$wait(\\\"b\\\")"), ElementsAre("a-1", "b"));
}

TEST(Text, Fields) {
  const std::string text = "{a.id} on {lane.thread}{ {b-1.id}, {.id} {c.name} {{d.id}";
  std::vector<std::string> texts;
  std::string again;
  for (const Field& field : fields_of(text)) {
    texts.push_back(std::to_string(static_cast<int>(field.kind)) + field.text);
    again += as_written(field);
  }
  EXPECT_THAT(texts, ElementsAre("1a", "0 on ", "2", "0{ ", "1b-1", "0, {.id} {c.name} {", "1d"));
  EXPECT_EQ(again, text);
}

TEST(Text, WordsThatAScriptDefines) {
  for (const char* code :
       {"a = 1", "print(\na)", "x = lane_1", "def reproduced(): pass", "wanted_3"})
    EXPECT_TRUE(clashes(code, {"a"})) << code;
  for (const char* code : {"", "import os, sys, threading", "ab = a1 = _a", "lane = 1"})
    EXPECT_FALSE(clashes(code, {"a"})) << code;
}

TEST(Text, Paragraphs) {
  EXPECT_EQ(paragraph("Say: ", "a b"), "# Say: a b\n");
  const std::string wide = paragraph("Say: ", std::string(60, 'x') + " " + std::string(60, 'y'));
  EXPECT_EQ(wide, "# Say: " + std::string(60, 'x') + "\n#      " + std::string(60, 'y') + "\n");
}

TEST(PythonScript, IsReadable) {
  const Case one = idle();
  const ClauseSet set = clauses();
  CaseResult result;
  result.verdict = Verdict::fail;
  result.reason = "a.is_running(): expected: False; got: True";
  result.steps.resize(2);
  result.steps[1].state = StepResult::State::disagreed;
  result.steps[1].expected = "False";
  const std::string script = python_script({one, set, &result, nullptr}, {"", ""});
  EXPECT_EQ(script, R"golden(#!/usr/bin/env python3
# A new interpreter is not running
#
# What is wrong: fail: a.is_running(): expected: False; got: True
# Expected:      a.is_running(): False
# Clause:        is_running.idle: False before the first run.
# Follows from:  An idle one does not run.
#                "whether or not it is running" (is_running.answers)
# Run:           PYTHONPATH=FOLDER_OF_THE_MODULE python3 repro.py
# Exit:          1: reproduced. 0: not reproduced. 2: a preparing step failed.
import os
import sys
import traceback


def reproduced(step, expected, got):
    if isinstance(got, BaseException):
        got = "".join(traceback.format_exception_only(type(got), got)).strip()
    print(f"reproduced: {step}: expected: {expected}; got: {got}", flush=True)
    os._exit(1)


def unexpected(kind, error, trace, thread=None):
    sys.__excepthook__(kind, error, trace)
    print("not tried: a preparing step failed", flush=True)
    os._exit(2)


sys.excepthook = unexpected

import interpreters

a = interpreters.create()
try:
    got = a.is_running()
except BaseException as error:
    reproduced("a.is_running()", "False", error)
if bool(got) is not False:
    reproduced("a.is_running()", "False", got)

print("not reproduced: every step answered as expected", flush=True)
os._exit(0)
)golden");
}

TEST(PythonScript, HeaderNamesTheReproducingExit) {
  const Case one = idle();
  const ClauseSet set = clauses();
  const auto exit_line = [&](Verdict verdict, Termination::Kind kind, int code) {
    CaseResult result;
    result.verdict = verdict;
    History history;
    history.termination = {kind, code, false, ""};
    const std::string script = python_script({one, set, &result, &history}, {});
    const size_t from = script.find("# Exit: ");
    return script.substr(from, script.find(". 2: ", from) - from);
  };
  EXPECT_EQ(exit_line(Verdict::crash, Termination::Kind::signaled, SIGSEGV),
            "# Exit:          by SIGSEGV: reproduced. 0: not reproduced");
  EXPECT_EQ(exit_line(Verdict::crash, Termination::Kind::exited, 4),
            "# Exit:          4, before the last line: reproduced. 0 after it: not reproduced");
  EXPECT_EQ(exit_line(Verdict::broken_at_exit, Termination::Kind::signaled, SIGABRT),
            "# Exit:          by SIGABRT, after the last line: reproduced. 3: not reproduced");
  EXPECT_EQ(exit_line(Verdict::hang, Termination::Kind::deadline, 0),
            "# Exit:          1: reproduced. 0: not reproduced");
}

TEST(PythonScript, UsesTheModuleOfTheAdapter) {
  const Case one = idle();
  const ClauseSet set = clauses();
  const std::string low = python_script({one, set}, {"xxsubinterpreters", ""});
  EXPECT_THAT(low, HasSubstr("\na = _xxsubinterpreters.create()\n"));
  EXPECT_THAT(low, HasSubstr("got = _xxsubinterpreters.is_running(a)\n"));
  EXPECT_THAT(low, Not(HasSubstr("SHIM")));
  EXPECT_THAT(python_script({one, set}, {"concurrent", ""}),
              HasSubstr("from concurrent import interpreters\n"));
}

TEST(PythonScript, OfACaseAcceptsACrash) {
  Case one = idle();
  const ClauseSet set = clauses();
  const std::string steps = python_script({one, set}, {});
  EXPECT_THAT(steps, HasSubstr("# Expected:      every step answers or raises, in time\n"));
  EXPECT_THAT(
      steps,
      HasSubstr("# Exit:          1, or by a signal: reproduced. 0: not reproduced. 2: a preparing "
                "step failed.\n"));
  one.program.finish = Finish::finalize;
  EXPECT_THAT(python_script({one, set}, {}),
              HasSubstr("# Expected:      every step answers or raises, in time, and the process "
                        "ends in order\n"));
}

TEST(PythonScript, HasAShimWhereCodeImportsTheModule) {
  Case one = idle();
  one.program.lanes[0].push_back(
      {Op::run, "a", "", "import interpreters\ninterpreters.get_main()"});
  one.expectations[0].emplace_back();
  const ClauseSet set = clauses();
  const std::string script = python_script({one, set}, {"interpreters", ""});
  EXPECT_THAT(script, HasSubstr("def get_main(): return Interpreter(low.get_main()[0])\n"));
  EXPECT_THAT(script, Not(HasSubstr("def enumerate")));
  EXPECT_THAT(script, HasSubstr("run(a, \"\"\"\\\nimport interpreters\n"));
}

TEST(PythonScript, HasPipesOnlyForCheckedEmissions) {
  Case one = idle();
  one.program.lanes[0].push_back({Op::run, "a", "", "$emit(1)"});
  one.expectations[0].emplace_back();
  const ClauseSet set = clauses();
  std::string script = python_script({one, set}, {"", ""});
  EXPECT_THAT(script, HasSubstr("a.run(\"str(1)\")"));
  EXPECT_THAT(script, Not(HasSubstr("os.pipe")));
  Expectation emits;
  emits.emits = {"1"};
  one.expectations[0][2] = emits;
  script = python_script({one, set}, {"", ""});
  EXPECT_THAT(script, HasSubstr("a.run(code(\"$emit(1)\", 3))"));
  EXPECT_THAT(script, HasSubstr("if emissions(3) != [\"1\"]:"));
}

TEST(PythonScript, DoesNotShadowBuiltins) {
  Case one = idle();
  one.program.lanes = {{{Op::create, "", "import", ""}, {Op::is_running, "import", "", ""}}};
  EXPECT_THAT(python_script({one, clauses()}, {"", ""}),
              HasSubstr("import_ = interpreters.create()"));
}

// Every ending against every way of being reproduced.
TEST(Reproduced, OnlyTheExpectedExitCounts) {
  const auto shows = [](Verdict verdict, Termination::Kind kind = Termination::Kind::exited,
                        int code = 1) {
    CaseResult result;
    result.verdict = verdict;
    Termination termination;
    termination.kind = kind;
    termination.code = code;
    return expected_exit_of(result, termination);
  };
  const ScriptTermination nothing{0, {}, false, "not reproduced: fine\n"};
  const ScriptTermination exit_1{1, {}, false, "reproduced: a: expected: b; got: c\n"};
  const ScriptTermination timed_out{1, {}, false, "Timeout (0:00:01)!\n"};
  const ScriptTermination stuck{{}, {}, true, ""};
  const ScriptTermination signaled{{}, SIGABRT, false, "Fatal\n"};
  const ScriptTermination after{{}, SIGABRT, false, "not reproduced: fine\nFatal\n"};
  const ScriptTermination in_order{3, {}, false, "not reproduced: fine\n"};
  const ScriptTermination untried{2, {}, false, "not tried: a preparing step failed\n"};
  const ScriptTermination traceback{1, {}, false, "Traceback\nImportError\n"};
  const auto counts = [&](const ExpectedExit& one) {
    std::string all;
    for (const ScriptTermination& termination :
         {nothing, exit_1, timed_out, stuck, signaled, after, untried, traceback, in_order})
      all += is_reproduced(one, termination) ? '1' : '0';
    return all;
  };
  EXPECT_EQ(counts(shows(Verdict::fail)), "010000000");
  EXPECT_EQ(counts(shows(Verdict::leak)), "010000000");
  EXPECT_EQ(counts(shows(Verdict::hang, Termination::Kind::deadline)), "001100000");
  EXPECT_EQ(counts(shows(Verdict::crash, Termination::Kind::signaled, SIGABRT)), "000010000");
  EXPECT_EQ(counts(shows(Verdict::crash, Termination::Kind::signaled, SIGSEGV)), "000010000");
  EXPECT_EQ(counts(shows(Verdict::crash, Termination::Kind::signaled, SIGKILL)), "000000000");
  EXPECT_EQ(counts(shows(Verdict::crash, Termination::Kind::lost)), "000010000");
  EXPECT_EQ(counts(shows(Verdict::broken_at_exit, Termination::Kind::signaled, SIGABRT)),
            "000001000");
  EXPECT_EQ(counts(shows(Verdict::broken_at_exit, Termination::Kind::signaled, SIGSEGV)),
            "000001000");
  EXPECT_EQ(counts(shows(Verdict::broken_at_exit, Termination::Kind::signaled, SIGKILL)),
            "000000000");
  EXPECT_EQ(counts(shows(Verdict::broken_at_exit)), "100000000");
  EXPECT_EQ(counts(shows(Verdict::broken_at_exit, Termination::Kind::deadline)), "001100000");
  EXPECT_EQ(counts(shows(Verdict::limit_exceeded)), "000000000");
}

// Memory that was corrupted ends a process by one signal or another.
TEST(Reproduced, SignalsOfCrashesStandForEachOther) {
  CaseResult result;
  Termination seen;
  seen.kind = Termination::Kind::signaled;
  const auto verdict = [&](Verdict of_case, int was, int is, const std::string& output) {
    result.verdict = of_case;
    seen.code = was;
    return is_reproduced(expected_exit_of(result, seen), {{}, is, false, output});
  };
  const std::string over = "not reproduced: fine\n";
  EXPECT_TRUE(verdict(Verdict::crash, SIGSEGV, SIGABRT, ""));
  EXPECT_TRUE(verdict(Verdict::crash, SIGABRT, SIGBUS, ""));
  EXPECT_FALSE(verdict(Verdict::crash, SIGSEGV, SIGABRT, over));
  EXPECT_TRUE(verdict(Verdict::broken_at_exit, SIGABRT, SIGSEGV, over));
  EXPECT_FALSE(verdict(Verdict::broken_at_exit, SIGABRT, SIGSEGV, ""));
  EXPECT_FALSE(verdict(Verdict::crash, SIGSEGV, SIGKILL, ""));
  EXPECT_FALSE(verdict(Verdict::crash, SIGKILL, SIGSEGV, ""));
  EXPECT_TRUE(verdict(Verdict::crash, SIGKILL, SIGKILL, ""));
}

TEST(Reproduced, ReportsAnotherSignal) {
  CaseResult crash;
  crash.verdict = Verdict::crash;
  Termination seen;
  seen.kind = Termination::Kind::signaled;
  seen.code = SIGSEGV;
  const ExpectedExit expected = expected_exit_of(crash, seen);
  EXPECT_EQ(describe({{}, SIGSEGV, false, ""}, expected), "ended by SIGSEGV");
  EXPECT_EQ(describe({{}, SIGABRT, false, ""}, expected),
            "by another signal (SIGABRT, where SIGSEGV was seen)");
  EXPECT_EQ(describe({{}, SIGTERM, false, ""}, expected),
            "ended by SIGTERM, where SIGSEGV was seen");
  EXPECT_EQ(describe({{}, SIGSEGV, false, ""}), "ended by SIGSEGV");
}

} // namespace
} // namespace pep554::repro
