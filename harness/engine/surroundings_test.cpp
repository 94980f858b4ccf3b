// Each limit is set in a child, for good.
#include "harness/engine/surroundings.h"

#include <cstdio>
#include <cstdlib>
#include <functional>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

namespace pep554 {
namespace {

using testing::ExitedWithCode;

void limit(__rlimit_resource resource, rlim_t soft, rlim_t hard) {
  const rlimit both{soft, hard};
  if (::setrlimit(resource, &both) != 0)
    std::abort();
}

void print(const std::string& text) {
  static_cast<void>(std::fputs(text.c_str(), stderr));
}

// What shortage answers in a child with these limits, on its standard error.
[[noreturn]] void print_shortage(const std::function<void()>& prepare) {
  Program program;
  program.lanes.resize(1);
  prepare();
  print(shortage(program));
  std::_Exit(0);
}

TEST(Surroundings, ASoftLimitIsRaised) {
  EXPECT_EXIT(print_shortage([] {
                limit(RLIMIT_NOFILE, 20, 300);
                limit(RLIMIT_STACK, 1U << 20U, RLIM_INFINITY);
                raise_soft_limits();
                rlimit now{};
                ::getrlimit(RLIMIT_NOFILE, &now);
                const bool files = now.rlim_cur == 300 && now.rlim_max == 300;
                ::getrlimit(RLIMIT_STACK, &now);
                print(files && now.rlim_cur == 8U << 20U ? "raised, " : "as before, ");
              }),
              ExitedWithCode(0), "^raised, $");
}

TEST(Surroundings, ALargerSoftLimitStays) {
  EXPECT_EXIT(print_shortage([] {
                limit(RLIMIT_STACK, 16U << 20U, 32U << 20U);
                raise_soft_limits();
                rlimit now{};
                ::getrlimit(RLIMIT_STACK, &now);
                print(now.rlim_cur == 16U << 20U ? "stays, " : "changed, ");
              }),
              ExitedWithCode(0), "^stays, $");
}

TEST(Surroundings, AHardLimitThatIsTooLowIsNamed) {
  EXPECT_EXIT(print_shortage([] { limit(RLIMIT_NOFILE, 64, 64); }), ExitedWithCode(0),
              "^open files: 64 allowed here \\(ulimit -Hn\\), 256 may be needed$");
  EXPECT_EXIT(print_shortage([] { limit(RLIMIT_CPU, 9, 9); }), ExitedWithCode(0),
              "^seconds of processor time: 9 allowed here \\(ulimit -Ht\\), 10 may be needed$");
  EXPECT_EXIT(print_shortage([] { limit(RLIMIT_FSIZE, 4096, 4096); }), ExitedWithCode(0),
              "^bytes in a file: 4096 allowed here \\(ulimit -Hf\\), 16777216 may be needed$");
}

// Somebody who has no other process.
TEST(Surroundings, TheProcessesOfTheUserCount) {
  if (::geteuid() != 0)
    GTEST_SKIP() << "needs root, to become somebody else";
  const auto somebody = [](rlim_t most) {
    limit(RLIMIT_NPROC, most, most);
    if (::setresuid(55'415, 55'415, 55'415) != 0)
      std::abort();
  };
  EXPECT_EXIT(print_shortage([&] { somebody(20); }), ExitedWithCode(0),
              "^processes and threads of the user: 20 allowed here \\(ulimit -Hu\\), 66 may be "
              "needed$");
  EXPECT_EXIT(print_shortage([&] { somebody(66); }), ExitedWithCode(0), "^$");
  EXPECT_EXIT(print_shortage([&] { limit(RLIMIT_NPROC, 20, 20); }), ExitedWithCode(0), "^$")
      << "root is not limited";
}

TEST(Surroundings, UsualLimitsSuffice) {
  EXPECT_EQ(shortage({}), "");
}

} // namespace
} // namespace pep554
