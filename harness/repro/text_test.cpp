// The texts: literals, headers, and that nothing is in a script that it does not need.
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/repro/python_names.h"
#include "harness/repro/script.h"
#include "harness/repro/shown.h"
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
  const auto pieces = pieces_of("x\n$emit(1)\n$open('a-1')$wait(\\\"b\\\")$wait(c)");
  std::vector<std::string> texts;
  texts.reserve(pieces.size());
  for (const Piece& piece : pieces)
    texts.push_back(std::to_string(static_cast<int>(piece.kind)) + piece.text);
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
  for (const char* code : {"a = 1", "print(\na)", "x = lane_1", "def shown(): pass", "wanted_3"})
    EXPECT_TRUE(clashes(code, {"a"})) << code;
  for (const char* code : {"", "import os, sys, threading", "ab = a1 = _a", "lane = 1"})
    EXPECT_FALSE(clashes(code, {"a"})) << code;
}

TEST(Text, Paragraphs) {
  EXPECT_EQ(paragraph("Say: ", "a b"), "# Say: a b\n");
  const std::string wide = paragraph("Say: ", std::string(60, 'x') + " " + std::string(60, 'y'));
  EXPECT_EQ(wide, "# Say: " + std::string(60, 'x') + "\n#      " + std::string(60, 'y') + "\n");
}

TEST(PythonScript, ReadsLikeAPersonsOwn) {
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
# Exit:          1: shown. 0: not shown. 2: a step before went wrong.
import os
import sys
import traceback


def shown(step, expected, got):
    if isinstance(got, BaseException):
        got = "".join(traceback.format_exception_only(type(got), got)).strip()
    print(f"shown: {step}: expected: {expected}; got: {got}", flush=True)
    os._exit(1)


def unexpected(kind, error, trace, thread=None):
    sys.__excepthook__(kind, error, trace)
    print("not tried: a step before went wrong", flush=True)
    os._exit(2)


sys.excepthook = unexpected

import interpreters

a = interpreters.create()
try:
    got = a.is_running()
except BaseException as error:
    shown("a.is_running()", "False", error)
if bool(got) is not False:
    shown("a.is_running()", "False", got)

print("not shown: every step went as it should", flush=True)
os._exit(0)
)golden");
}

TEST(PythonScript, SaysWhichEndingShowsIt) {
  const Case one = idle();
  const ClauseSet set = clauses();
  const auto exit_line = [&](Verdict verdict, Ending::How how, int code) {
    CaseResult result;
    result.verdict = verdict;
    History history;
    history.ending = {how, code, false, ""};
    const std::string script = python_script({one, set, &result, &history}, {});
    const size_t from = script.find("# Exit: ");
    return script.substr(from, script.find(". 2: ", from) - from);
  };
  EXPECT_EQ(exit_line(Verdict::crash, Ending::How::signaled, SIGSEGV),
            "# Exit:          by SIGSEGV: shown. 0: not shown");
  EXPECT_EQ(exit_line(Verdict::crash, Ending::How::exited, 4),
            "# Exit:          4, before the last line: shown. 0 after it: not shown");
  EXPECT_EQ(exit_line(Verdict::broken_at_exit, Ending::How::signaled, SIGABRT),
            "# Exit:          by SIGABRT, after the last line: shown. 3: not shown");
  EXPECT_EQ(exit_line(Verdict::hang, Ending::How::deadline, 0),
            "# Exit:          1: shown. 0: not shown");
}

TEST(PythonScript, SpeaksToTheModuleOfTheAdapter) {
  const Case one = idle();
  const ClauseSet set = clauses();
  const std::string low = python_script({one, set}, {"xxsubinterpreters", ""});
  EXPECT_THAT(low, HasSubstr("\na = _xxsubinterpreters.create()\n"));
  EXPECT_THAT(low, HasSubstr("got = _xxsubinterpreters.is_running(a)\n"));
  EXPECT_THAT(low, Not(HasSubstr("SHIM")));
  EXPECT_THAT(python_script({one, set}, {"concurrent", ""}),
              HasSubstr("from concurrent import interpreters\n"));
}

TEST(PythonScript, OfACaseSaysThatACrashShowsIt) {
  Case one = idle();
  const ClauseSet set = clauses();
  const std::string steps = python_script({one, set}, {});
  EXPECT_THAT(steps, HasSubstr("# Expected:      every step answers or raises, in time\n"));
  EXPECT_THAT(steps, HasSubstr("# Exit:          1, or by a signal: shown. 0: not shown. 2: a step "
                               "before went wrong.\n"));
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

TEST(PythonScript, HasPipesOnlyWhereSomethingIsListenedTo) {
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
  EXPECT_THAT(script, HasSubstr("if said(3) != [\"1\"]:"));
}

TEST(PythonScript, LeavesPythonsOwnNamesAlone) {
  Case one = idle();
  one.program.lanes = {{{Op::create, "", "import", ""}, {Op::is_running, "import", "", ""}}};
  EXPECT_THAT(python_script({one, clauses()}, {"", ""}),
              HasSubstr("import_ = interpreters.create()"));
}

// Every ending against every way of being shown.
TEST(Shown, OnlyItsOwnEndingCounts) {
  const auto shows = [](Verdict verdict, Ending::How how = Ending::How::exited, int code = 1) {
    CaseResult result;
    result.verdict = verdict;
    Ending ending;
    ending.how = how;
    ending.code = code;
    return how_shown(result, ending);
  };
  const ScriptEnding nothing{0, {}, false, "not shown: fine\n"};
  const ScriptEnding told{1, {}, false, "shown: a: expected: b; got: c\n"};
  const ScriptEnding late{1, {}, false, "Timeout (0:00:01)!\n"};
  const ScriptEnding stuck{{}, {}, true, ""};
  const ScriptEnding died{{}, SIGABRT, false, "Fatal\n"};
  const ScriptEnding after{{}, SIGABRT, false, "not shown: fine\nFatal\n"};
  const ScriptEnding in_order{3, {}, false, "not shown: fine\n"};
  const ScriptEnding untried{2, {}, false, "not tried: a step before went wrong\n"};
  const ScriptEnding traceback{1, {}, false, "Traceback\nImportError\n"};
  const auto counts = [&](const Shows& one) {
    std::string all;
    for (const ScriptEnding& ending :
         {nothing, told, late, stuck, died, after, untried, traceback, in_order})
      all += is_shown(one, ending) ? '1' : '0';
    return all;
  };
  EXPECT_EQ(counts(shows(Verdict::fail)), "010000000");
  EXPECT_EQ(counts(shows(Verdict::leak)), "010000000");
  EXPECT_EQ(counts(shows(Verdict::hang, Ending::How::deadline)), "001100000");
  EXPECT_EQ(counts(shows(Verdict::crash, Ending::How::signaled, SIGABRT)), "000010000");
  EXPECT_EQ(counts(shows(Verdict::crash, Ending::How::signaled, SIGSEGV)), "000000000");
  EXPECT_EQ(counts(shows(Verdict::crash, Ending::How::lost)), "000010000");
  EXPECT_EQ(counts(shows(Verdict::broken_at_exit, Ending::How::signaled, SIGABRT)), "000001000");
  EXPECT_EQ(counts(shows(Verdict::broken_at_exit, Ending::How::signaled, SIGSEGV)), "000000000");
  EXPECT_EQ(counts(shows(Verdict::broken_at_exit)), "100000000");
  EXPECT_EQ(counts(shows(Verdict::broken_at_exit, Ending::How::deadline)), "001100000");
  EXPECT_EQ(counts(shows(Verdict::flood)), "000000000");
}

TEST(Shown, AnotherSignalIsSaidToBeAnother) {
  CaseResult crash;
  crash.verdict = Verdict::crash;
  Ending seen;
  seen.how = Ending::How::signaled;
  seen.code = SIGABRT;
  const Shows shows = how_shown(crash, seen);
  EXPECT_EQ(describe({{}, SIGABRT, false, ""}, shows), "ended by SIGABRT");
  EXPECT_EQ(describe({{}, SIGSEGV, false, ""}, shows), "ended by SIGSEGV, where SIGABRT was seen");
  EXPECT_EQ(describe({{}, SIGSEGV, false, ""}), "ended by SIGSEGV");
}

// CPython 3.12 may read what is no longer there as it tells where a thread was that keeps an
// interpreter from ending, and does not come to abort.
TEST(Shown, AnotherSignalCountsAfterTheSameWords) {
  CaseResult result;
  Ending seen;
  seen.how = Ending::How::signaled;
  seen.code = SIGABRT;
  const std::string fatal = "Fatal Python error: Py_EndInterpreter: not the last thread";
  const auto verdict_shown = [&](Verdict verdict, const std::string& output) {
    result.verdict = verdict;
    const Shows shows = how_shown(result, seen, "a line\n" + fatal + "\nPython runtime\n");
    return is_shown(shows, {{}, SIGSEGV, false, output});
  };
  EXPECT_TRUE(verdict_shown(Verdict::crash, fatal + "\n"));
  EXPECT_FALSE(verdict_shown(Verdict::crash, "Fatal Python error: Aborted\n"));
  EXPECT_FALSE(verdict_shown(Verdict::crash, ""));
  EXPECT_TRUE(verdict_shown(Verdict::broken_at_exit, "not shown: fine\n" + fatal + "\n"));
  EXPECT_FALSE(verdict_shown(Verdict::broken_at_exit, "not shown: fine\n"));
  EXPECT_EQ(describe({{}, SIGSEGV, false, fatal}, how_shown(result, seen, fatal)),
            "ended by SIGSEGV, where SIGABRT was seen, after the same words: " + fatal);
}

} // namespace
} // namespace pep554::repro
