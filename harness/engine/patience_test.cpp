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

#include "harness/engine/patience.h"

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

void wait_for(const Patience& patience) {
  std::this_thread::sleep_until(patience.until());
}

TEST(Patience, ends_with_its_length_for_who_could_run) {
  const Children children(1, false);
  const auto begin = Patience::Clock::now();
  Patience patience(children.first(), milliseconds(50));
  EXPECT_GE(patience.until(), begin + milliseconds(50));
  wait_for(patience);
  // What it had to wait before it slept is little.
  while (patience.extend() && patience.until() < begin + milliseconds(500))
    wait_for(patience);
  EXPECT_LT(patience.until(), begin + milliseconds(500));
}

TEST(Patience, is_longer_for_who_waits_for_a_processor_but_has_an_end) {
  if (!std::ifstream("/proc/self/schedstat"))
    GTEST_SKIP() << "the kernel does not tell what waits for a processor";
  const Children children(8, true);
  const auto begin = Patience::Clock::now();
  Patience patience(children.first(), milliseconds(100));
  wait_for(patience);
  EXPECT_TRUE(patience.extend());
  EXPECT_GE(patience.until(), begin + milliseconds(130));
  while (patience.extend())
    wait_for(patience);
  EXPECT_LE(patience.until(), begin + milliseconds(1'000));
}

TEST(Patience, ends_with_its_length_for_who_is_gone) {
  Patience patience(-1, milliseconds(10));
  wait_for(patience);
  EXPECT_FALSE(patience.extend());
}

} // namespace
} // namespace pep554
