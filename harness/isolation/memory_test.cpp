#include "harness/isolation/memory.h"

#include <array>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pep554 {
namespace {

// Two children that have a mapping in use, each its own, or both the same. It is large beside the
// rest of such a process, whose memory a sanitizer multiplies.
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

  static constexpr size_t size = size_t{256} << 20U;
  std::vector<pid_t> pids;

private:
  static void* map(int kind) {
    return ::mmap(nullptr, size, PROT_READ | PROT_WRITE, kind | MAP_ANONYMOUS, -1, 0);
  }
};

TEST(Memory, CountsEachProcess) {
  const Children children(false);
  EXPECT_GE(memory_of(children.pids), 2 * Children::size);
  EXPECT_LT(memory_of(children.pids), 3 * Children::size);
}

TEST(Memory, CountsSharedPagesOnce) {
  const Children children(true);
  EXPECT_GE(memory_of(children.pids), Children::size);
  EXPECT_LT(memory_of(children.pids), 2 * Children::size);
}

TEST(Memory, IsAnUpperBoundBelowWhatIsEnough) {
  const Children children(true);
  EXPECT_GE(memory_of(children.pids, 4 * Children::size), 2 * Children::size);
}

// No process's pages; a mapping of them does not count again.
TEST(Memory, CountsFilesInMemory) {
  const std::uint64_t before = memory_of({::getpid()});
  const int file = ::memfd_create("test", 0);
  ASSERT_EQ(::posix_fallocate(file, 0, Children::size), 0);
  EXPECT_GE(memory_of({::getpid()}), before + Children::size / 2);
  void* const mapped =
      ::mmap(nullptr, Children::size, PROT_READ, MAP_SHARED | MAP_POPULATE, file, 0);
  EXPECT_LT(memory_of({::getpid()}), before + Children::size + Children::size / 2);
  ::munmap(mapped, Children::size);
  ::close(file);
}

TEST(Memory, OfNoProcessIsNone) {
  EXPECT_EQ(memory_of({-1}), 0U);
  EXPECT_EQ(memory_of({}), 0U);
}

} // namespace
} // namespace pep554
