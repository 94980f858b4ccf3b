// Children that are started and ended from several threads, and the orphans that they leave.
#include <atomic>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>
#include <tuple>

#include <gtest/gtest.h>

#include "harness/engine/child_process.h"
#include "harness/engine/orphans.h"

namespace pep554 {
namespace {

using std::chrono::seconds;

ChildProcess::Clock::time_point in(seconds time) {
  return ChildProcess::Clock::now() + time;
}

std::vector<pid_t> children() {
  std::vector<pid_t> found;
  std::ifstream list("/proc/self/task/" + std::to_string(::getpid()) + "/children");
  for (pid_t pid = 0; list >> pid;)
    found.push_back(pid);
  return found;
}

std::unique_ptr<ChildProcess> start(const char* script) {
  return ChildProcess::start({"sh", "-c", script}).value();
}

TEST(ChildProcess, SaysWhyItDidNotStart) {
  EXPECT_EQ(ChildProcess::start({"/no/such"}).error().message,
            "cannot start /no/such: No such file or directory");
}

TEST(ChildProcess, SaysHowItEnded) {
  EXPECT_EQ(start("exit 7")->wait(in(seconds(60))), 7);
  EXPECT_EQ(start("kill -9 $$")->wait(in(seconds(60))), 128 + SIGKILL);
  EXPECT_EQ(start("sleep 600")->wait(in(seconds(0))), std::nullopt);
}

TEST(ChildProcess, StartsWithDefaultSignals) {
  sigset_t held;
  sigset_t before;
  ::sigemptyset(&held);
  ::sigaddset(&held, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &held, &before);
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  const auto child = start("kill -TERM $$; sleep 1");
  EXPECT_EQ(child->wait(in(seconds(60))), 128 + SIGTERM);
  EXPECT_EQ(start("kill -XFSZ $$; sleep 1")->wait(in(seconds(60))), 128 + SIGXFSZ);
  std::ignore = std::signal(SIGXFSZ, ignored);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST(ChildProcess, AReasonIsFollowedByTheLastLinesOfStandardError) {
  const auto reason = [](const std::string& script) {
    const auto child = start(script.c_str());
    FrameReader frames;
    while (child->read(frames, in(seconds(60))) != ChildProcess::ReadResult::end_of_file) {
    }
    return child->with_stderr("it refused");
  };
  EXPECT_EQ(reason("true"), "it refused");
  EXPECT_EQ(reason("echo host: it refused >&2"), "it refused");
  EXPECT_EQ(reason("printf '1\\n2\\n\\n  3\\n4\\033[1m\\n5\\n' >&2"),
            "it refused; its standard error: 2 | 3 | 4\\x1b[1m | 5");
  EXPECT_LT(reason("head -c 100000 /dev/zero | tr '\\0' x >&2").size(), 700U);
}

// The daemon reports its start, so that it exists when the child is killed.
constexpr const char* with_daemon =
    "setsid sh -c 'setsid sleep 600 & echo there >&2; sleep 600' & wait";

TEST(Orphans, OfAKilledChildAreKilled) {
  adopt_orphans();
  {
    const auto child = start(with_daemon);
    FrameReader frames;
    while (child->last_stderr_line() != "there")
      ASSERT_EQ(child->read(frames, in(seconds(60))), ChildProcess::ReadResult::data);
    ::kill(child->pid(), SIGKILL);
  }
  EXPECT_EQ(children(), std::vector<pid_t>());
}

// However long that takes, and although the other thread finds its child gone.
TEST(Orphans, ExitWithChildrenKillsAllProcesses) {
  EXPECT_EXIT(
      {
        const auto child = start("sleep 600");
        const std::jthread waiting([&] {
          FrameReader frames;
          while (child->read(frames, in(seconds(60))) != ChildProcess::ReadResult::end_of_file) {
          }
          child->end();
          ::_exit(1);
        });
        exit_with_children(
            6, [](pid_t) { std::this_thread::sleep_for(std::chrono::milliseconds(200)); });
      },
      testing::ExitedWithCode(6), "");
}

TEST(Orphans, ExcludeChildrenOfOtherThreads) {
  adopt_orphans();
  std::atomic<bool> over = false;
  std::jthread sweeper([&] {
    while (!over)
      end_orphans();
  });
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i)
          right += start("exit 7")->wait(in(seconds(60))) == 7 ? 1 : 0;
      });
  }
  over = true;
  EXPECT_EQ(right, 200);
}

} // namespace
} // namespace pep554
