#include "harness/isolation/memory.h"

#include <array>
#include <csignal>
#include <cstring>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pep554 {
namespace {

constexpr size_t mebibyte = size_t{1} << 20U;

// Two children that have a mapping of 64 MiB in use, each its own, or both the same.
class Children {
public:
  explicit Children(bool shared) {
    std::array<int, 2> ready{};
    EXPECT_EQ(::pipe(ready.data()), 0);
    void* const common = map(MAP_SHARED);
    for (int i = 0; i < 2; ++i) {
      const pid_t child = ::fork();
      if (child == 0) {
        std::memset(shared ? common : map(MAP_PRIVATE), 1, size);
        static_cast<void>(::write(ready[1], "", 1));
        while (true)
          ::pause();
      }
      pids.push_back(child);
    }
    for (char byte = 0; const pid_t child : pids)
      EXPECT_EQ(::read(ready[0], &byte, 1), 1) << child;
    ::munmap(common, size);
    ::close(ready[0]);
    ::close(ready[1]);
  }
  ~Children() {
    for (const pid_t child : pids) {
      ::kill(child, SIGKILL);
      ::waitpid(child, nullptr, 0);
    }
  }
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;

  static constexpr size_t size = 64 * mebibyte;
  std::vector<pid_t> pids;

private:
  static void* map(int kind) {
    return ::mmap(nullptr, size, PROT_READ | PROT_WRITE, kind | MAP_ANONYMOUS, -1, 0);
  }
};

// The rest of such a process is below 32 MiB.
TEST(Memory, CountsEachProcess) {
  const Children children(false);
  EXPECT_GE(memory_of(children.pids), 128 * mebibyte);
  EXPECT_LE(memory_of(children.pids), 192 * mebibyte);
}

TEST(Memory, CountsSharedPagesOnce) {
  const Children children(true);
  EXPECT_GE(memory_of(children.pids), 64 * mebibyte);
  EXPECT_LE(memory_of(children.pids), 96 * mebibyte);
}

TEST(Memory, IsAnUpperBoundBelowWhatIsEnough) {
  const Children children(true);
  EXPECT_GE(memory_of(children.pids, 1024 * mebibyte), 128 * mebibyte);
}

TEST(Memory, OfNoProcessIsNone) {
  EXPECT_EQ(memory_of({-1}), 0U);
  EXPECT_EQ(memory_of({}), 0U);
}

} // namespace
} // namespace pep554
