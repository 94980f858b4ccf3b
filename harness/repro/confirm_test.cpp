// Executed scripts keep their limits, and their termination is reported.
#include "harness/repro/confirm.h"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pep554::repro {
namespace {

using testing::HasSubstr;

TEST(Execute, KillsAScriptAtItsDeadline) {
  const auto termination =
      execute({{PEP554_PYTHON, "-c", "while True: pass"}, {}, std::chrono::milliseconds(200)});
  ASSERT_TRUE(termination) << to_string(termination.error());
  EXPECT_TRUE(termination->deadline);
}

TEST(Execute, LimitsMemoryAndOutput) {
  const std::string take_all = "x = bytearray(2 << 30)";
  const std::string fill = "import os\ntry:\n  while True: os.write(1, bytes(1 << 20))\n"
                           "except OSError: os._exit(7)";
  Execution execution{{PEP554_PYTHON, "-c", take_all}, {}, std::chrono::minutes(1), 1 << 30};
  const auto limited = execute(execution);
  ASSERT_TRUE(limited) << to_string(limited.error());
  EXPECT_THAT(limited->output, HasSubstr("MemoryError"));
  execution.command.back() = fill;
  const auto full = execute(execution);
  ASSERT_TRUE(full) << to_string(full.error());
  EXPECT_FALSE(full->deadline);
  EXPECT_EQ(full->status, 7) << describe(*full);
  execution.command.back() = take_all;
  execution.memory_bytes = 0;
  EXPECT_EQ(execute(execution)->status, 0);
}

// What the script puts in the place of its output is not read, and nothing waits for it.
TEST(Execute, ReadsOnlyWhatTheScriptWrote) {
  for (const char* replace : {"os.symlink('/etc/passwd', path)", "os.mkfifo(path)"}) {
    const std::string code = "import os\nprint('own', flush=True)\n"
                             "path = os.environ['TMPDIR'] + '/output'\nos.unlink(path)\n";
    const auto termination = execute({{PEP554_PYTHON, "-c", code + replace}, {}});
    ASSERT_TRUE(termination) << to_string(termination.error());
    EXPECT_EQ(termination->status, 0) << termination->output;
    EXPECT_EQ(termination->output, "own\n");
  }
}

TEST(Execute, ReportsASignal) {
  const auto termination =
      execute({{PEP554_PYTHON, "-c", "import os\nprint('here', flush=True)\nos.abort()"}, {}});
  ASSERT_TRUE(termination) << to_string(termination.error());
  EXPECT_EQ(termination->signal, SIGABRT);
  EXPECT_EQ(termination->output, "here\n");
}

} // namespace
} // namespace pep554::repro
