#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/engine/cpu_aware_deadline.h"

namespace pep554 {
namespace {

using std::chrono::milliseconds;

// Children that do nothing but compute, all on one processor, or sleep; they end with this.
class Children {
public:
  Children(int count, bool computing) {
    for (int i = 0; i < count; ++i) {
      const pid_t pid = ::fork();
      if (pid == 0)
        live(computing);
      pids_.push_back(pid);
    }
  }
  ~Children() {
    for (const pid_t pid : pids_) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
  }
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;

  pid_t first() const { return pids_.front(); }

private:
  [[noreturn]] static void live(bool computing) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    ::sched_setaffinity(0, sizeof one, &one);
    while (true)
      if (!computing)
        ::pause();
  }

  std::vector<pid_t> pids_;
};

void wait_for(const CpuAwareDeadline& deadline) {
  std::this_thread::sleep_until(deadline.until());
}

TEST(CpuAwareDeadline, ends_on_time_for_a_running_process) {
  const Children children(1, false);
  const auto begin = CpuAwareDeadline::Clock::now();
  CpuAwareDeadline deadline(children.first(), milliseconds(50));
  EXPECT_GE(deadline.until(), begin + milliseconds(50));
  wait_for(deadline);
  // It waited for a processor only briefly before it slept.
  while (deadline.extend() && deadline.until() < begin + milliseconds(500))
    wait_for(deadline);
  EXPECT_LT(deadline.until(), begin + milliseconds(500));
}

TEST(CpuAwareDeadline, is_extended_for_a_waiting_process_up_to_a_limit) {
  if (!std::ifstream("/proc/self/schedstat"))
    GTEST_SKIP() << "the kernel does not report who waits for a processor";
  const Children children(8, true);
  const auto begin = CpuAwareDeadline::Clock::now();
  CpuAwareDeadline deadline(children.first(), milliseconds(100));
  do // the kernel adds a wait when it is over
    wait_for(deadline);
  while (deadline.extend() && deadline.until() < begin + milliseconds(130));
  EXPECT_GE(deadline.until(), begin + milliseconds(130));
  while (deadline.extend())
    wait_for(deadline);
  EXPECT_LE(deadline.until(), begin + milliseconds(1'000));
}

TEST(CpuAwareDeadline, ends_on_time_for_a_dead_process) {
  CpuAwareDeadline deadline(-1, milliseconds(10));
  wait_for(deadline);
  EXPECT_FALSE(deadline.extend());
}

} // namespace
} // namespace pep554
