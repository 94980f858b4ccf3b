#include "harness/isolation/process_tree.h"

#include <chrono>
#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pep554 {
namespace {

// Runs `body` in a process of its own; its exit code.
template <typename Body>
int exit_code_of(Body body) {
  const pid_t child = ::fork();
  if (child == 0)
    ::_exit(body());
  int status = -1;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

[[noreturn]] void wait_for_ever() {
  while (true)
    ::pause();
}

// A child that leaves its session and has children of its own.
pid_t start_family(int depth) {
  const pid_t child = ::fork();
  if (child != 0)
    return child;
  ::setsid();
  if (depth > 0)
    start_family(depth - 1);
  wait_for_ever();
}

TEST(ProcessTree, FindsChildrenOfChildren) {
  EXPECT_EQ(exit_code_of([] {
              const pid_t child = start_family(2);
              size_t found = 0;
              for (int i = 0; i < 1000 && found < 3; ++i) {
                found = descendants_of(::getpid()).size();
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
              }
              const bool first = descendants_of(::getpid()).front() == child;
              kill_descendants([](pid_t) { return false; });
              return found == 3 && first ? 0 : 1;
            }),
            0);
}

TEST(ProcessTree, SparedChildrenAndTheirsAreLeftAlone) {
  EXPECT_EQ(exit_code_of([] {
              const pid_t spared = start_family(1);
              while (descendants_of(::getpid()).size() < 2)
                std::this_thread::yield();
              start_family(0);
              const size_t killed = kill_descendants([spared](pid_t one) { return one == spared; });
              const bool good = killed == 1 && descendants_of(::getpid()).size() == 2;
              kill_descendants([](pid_t) { return false; });
              return good ? 0 : 1;
            }),
            0);
}

// Each starts others without end, in sessions of their own, up to the limit of the user.
[[noreturn]] void multiply() {
  while (true)
    if (::fork() == 0)
      ::setsid();
}

TEST(ProcessTree, AForkBombIsEnded) {
  if (::geteuid() != 0)
    GTEST_SKIP() << "only root can become a user without other processes";
  EXPECT_EQ(exit_code_of([] {
              // A user that has no other process, with a limit that holds: root has none.
              if (::setgid(54321) != 0 || ::setuid(54321) != 0)
                return 77;
              const rlimit few{60, 60};
              ::setrlimit(RLIMIT_NPROC, &few);
              ::prctl(PR_SET_CHILD_SUBREAPER, 1);
              if (::fork() == 0)
                multiply();
              while (descendants_of(::getpid()).size() < 50)
                std::this_thread::yield();
              kill_descendants([](pid_t) { return false; });
              return descendants_of(::getpid()).empty() ? 0 : 1;
            }),
            0);
}

} // namespace
} // namespace pep554
