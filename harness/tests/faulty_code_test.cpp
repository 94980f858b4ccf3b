// Code that crashes, hangs, floods, leaves early, kills its supervisor, or does what only Python
// can, costs its own case alone: a table of code and of what is to come of it.
#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/tests/command.h"

namespace pep554::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

// A sanitizer's runtime, which the host then has, catches signals.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

const std::string survives = "clauses = ['isolation.survives']\n";
const std::string soon = "deadline_ms = 700\n";
const std::string later = "deadline_ms = 1500\n"; // after an import

std::string step(const std::string& words, const std::string& code,
                 const std::string& expect = "'ok'") {
  return "{ " + words + ", code = " + nlohmann::json(code).dump() + ", expect = " + expect + " }";
}

// The lines of a case: the code runs in an interpreter (runs), in the main one (evaluates), or
// there before the runtime is finalized (finalizes).
std::string runs(const std::string& code, const std::string& more = "") {
  return survives + more + "steps = [{ do = 'create', as = 'a' }, " +
         step("do = 'run', on = 'a'", code) + "]\n";
}

std::string evaluates(const std::string& code, const std::string& after = "") {
  return survives + "steps = [" + step("do = 'eval'", code) + after + "]\n";
}

std::string finalizes(const std::string& code, const std::string& more = "") {
  return "clauses = ['exit.clean']\nfinish = 'finalize'\n" + more + "steps = [" +
         step("do = 'eval'", code) + "]\n";
}

// About an open question alone.
std::string observes(const std::string& code, const std::string& more = "") {
  return "clauses = ['module.frees']\n" + more + "steps = [" + step("do = 'eval'", code, "'any'") +
         "]\n";
}

// The clause that a process of this verdict violates, in whichever case; "" when none.
std::string violated(const std::string& verdict) {
  return verdict == "broken-at-exit" ? "exit.clean"
         : verdict == "crash" || verdict == "hang" || verdict == "limit-exceeded"
             ? "isolation.survives"
             : "";
}

const std::string harmless = "clauses = ['run.code']\nsteps = [{ do = 'create', as = 'a' }, " +
                             step("do = 'run', on = 'a'", "$emit('here')", "{ emits = ['here'] }") +
                             "]\n";

struct Faulty {
  std::string name, lines, verdict;
  std::string operation = {}; // named in the reason
  std::string reason = {};    // part of it
  std::string output = {};    // part of the last output
};

const std::string deadline = "still running at the deadline";
const std::string at_exit = "could not be finalized";

const std::vector<Faulty> table{
    {"aa-before", harmless, "pass"},
    {"abort", runs("import os\nos.write(2, b'last words\\n')\nos.abort()"), "crash",
     "a.run('import os", "SIGABRT", "last words"},
    {"segfault", runs("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)"), "crash",
     "a.run('import os", "SIGSEGV"},
    {"leave", runs("import os\nos._exit(0)"), "crash", "a.run('import os", "exited with status 0"},
    {"endless", runs("while True: pass", soon), "hang", "a.run('while True: pass')", deadline},
    {"endless-on-two-threads",
     survives + soon +
         "lanes = [[{ do = 'wait', gate = 'one' }, { do = 'open', gate = 'two', expect = 'ok' }],\n"
         "         [{ do = 'wait', gate = 'two' }, { do = 'open', gate = 'one' }]]\n",
     "hang"},
    {"output", runs("import os\nwhile True: os.write(1, b'x' * 65536)", "output_bytes = 100000\n"),
     "limit-exceeded", "a.run('import os", "bytes of output"},
    {"daemon",
     "clauses = ['run.code']\nsteps = [" +
         step("do = 'eval'", R"(import os
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            os.read(os.pipe()[0], 1)
    os._exit(0)
$emit('on its way')
)",
              "{ emits = ['on its way'] }") +
         "]\n",
     "pass"},
    {"kill-the-host",
     evaluates("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n$emit(1)",
               ", { do = 'wait', gate = 'never', expect = 'ok' }"),
     "crash", "", "the host process died while running it"},
    {"close-every-descriptor", runs("import os\nos.closerange(0, 4096)"), "crash",
     "a.run('import os", "exited with status 1"},
    {"loop-without-the-lock", runs("import time\nwhile True: time.sleep(3600)", soon), "hang",
     "a.run('import time", deadline},
    {"sleep-with-the-lock",
     survives + later + "lanes = [[{ do = 'wait', gate = 'asleep' }, " + step("do = 'eval'", "1") +
         "],\n[" +
         step("do = 'eval'", "import ctypes\n$open('asleep')\nctypes.PyDLL(None).sleep(3600)") +
         "]]\n",
     "hang", "exec('import ctypes", deadline},
    {"call-a-null-pointer", evaluates("import ctypes\nctypes.CFUNCTYPE(None)(8)()"), "crash",
     "exec('import ctypes", "SIGSEGV"},
    {"recurse-in-c", evaluates(R"(import sys
sys.setrecursionlimit(2 ** 31 - 1)
class Endless:
    def __repr__(self):
        return repr(self)
repr(Endless())
)"),
     "crash", "exec('import sys", "SIGSEGV"},
    {"abort-at-exit", finalizes("import atexit, os\natexit.register(os.abort)"), "broken-at-exit",
     at_exit, "SIGABRT"},
    {"raise-at-exit", finalizes("import atexit\natexit.register(lambda: 1 / 0)"), "pass"},
    {"exit-in-a-finalizer", finalizes(R"(import os
class Leaver:
    def __del__(self, leave=os._exit):
        leave(0)
leaver = Leaver()
)"),
     "broken-at-exit", "", "left before the runtime was finalized"},
    {"daemon-thread", finalizes(R"(import threading
def work():
    while True:
        pass
threading.Thread(target=work, daemon=True).start()
)"),
     "pass"},
    {"endless-thread",
     finalizes("import threading\nthreading.Thread(target=threading.Event().wait).start()", later),
     "broken-at-exit", at_exit, deadline},
    {"open-abort", observes("import os\nos.abort()"), "crash", "exec('import os", "SIGABRT"},
    {"open-endless", observes("while True: pass", soon), "hang", "exec('while True", deadline},
    {"open-output", observes("print('x' * 200000)", "output_bytes = 100000\n"), "limit-exceeded",
     "", "bytes of output"},
    {"open-abort-at-exit",
     observes("import atexit, os\natexit.register(os.abort)", "finish = 'finalize'\n"),
     "broken-at-exit", at_exit, "SIGABRT"},
    {"zz-after", harmless, "pass"},
};

class FaultyCode : public testing::TestWithParam<const char*> {};

TEST_P(FaultyCode, AffectsOnlyItsOwnCase) {
  const auto folder = fresh_folder();
  std::filesystem::create_directories(folder / "cases");
  std::ofstream file(folder / "cases/code.toml");
  file << "about = 'Code that must cost its own case and no other.'\n";
  for (const Faulty& one : table)
    file << "[[case]]\nname = '" << one.name << "'\ntitle = '" << one.name << "'\n" << one.lines;
  file.close();
  const Finished finished = pep554({"run", "--quiet", "--jobs", GetParam(), "--cases",
                                    folder / "cases", "--out", folder / "report"});
  EXPECT_EQ(finished.code, 1) << finished.err;
  EXPECT_THAT(finished.left, IsEmpty());
  const nlohmann::json cases = results(folder / "report").at("cases");
  EXPECT_EQ(cases.size(), table.size());
  for (const Faulty& wanted : table) {
    const auto one = std::ranges::find_if(
        cases, [&](const nlohmann::json& each) { return each["id"] == "code." + wanted.name; });
    ASSERT_NE(one, cases.end()) << wanted.name << " has no result";
    const std::string reason = one->value("reason", "");
    EXPECT_EQ(one->at("verdict"), wanted.verdict) << wanted.name << ": " << reason;
    EXPECT_THAT(reason, HasSubstr(wanted.operation)) << wanted.name;
    if (!sanitized || (wanted.reason.find("SIG") == std::string::npos &&
                       !reason.ends_with("exited with status 1"))) {
      EXPECT_THAT(reason, HasSubstr(wanted.reason)) << wanted.name;
    }
    EXPECT_THAT(one->value("output_tail", ""), HasSubstr(wanted.output)) << wanted.name;
    if (const std::string clause = violated(wanted.verdict); !clause.empty()) {
      EXPECT_THAT(one->at("clauses"), Contains(clause)) << wanted.name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Jobs, FaultyCode, testing::Values("1", "3"));

} // namespace
} // namespace pep554::test
