#include "harness/isolation/remove_tree.h"

#include <csignal>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/testing/scratch_folder.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

void write(const fs::path& file) {
  std::ofstream(file) << "text";
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename());
  return names;
}

TEST(RemoveTree, RemovesWhatAProgramLeft) {
  const test::ScratchFolder scratch;
  const fs::path top = scratch.path() / "top";
  fs::create_directories(top / "closed/inner");
  write(top / "closed/inner/file");
  write(scratch.path() / "kept");
  fs::create_symlink(scratch.path(), top / "link");
  ::mkfifo((top / "fifo").c_str(), 0600);
  fs::permissions(top / "closed/inner", fs::perms::none);
  fs::permissions(top / "closed", fs::perms::none);
  fs::permissions(top, fs::perms::none);
  const Emptied emptied = empty_folder(top.c_str());
  EXPECT_EQ(emptied.removed, 5U);
  EXPECT_EQ(emptied.problem, "");
  EXPECT_THAT(names_in(top), IsEmpty());
  EXPECT_EQ(remove_tree(top.c_str()).removed, 1U);
  EXPECT_TRUE(fs::exists(scratch.path() / "kept"));
}

// Deeper than a path may be long, and than there may be descriptors.
TEST(RemoveTree, RemovesFoldersOfAnyDepth) {
  const test::ScratchFolder scratch;
  int folder = ::open(scratch.path().c_str(), O_RDONLY | O_DIRECTORY);
  constexpr size_t depth = 3000;
  for (size_t i = 0; i < depth; ++i) {
    ::mkdirat(folder, "a-name-of-some-length", 0700);
    const int inner = ::openat(folder, "a-name-of-some-length", O_RDONLY | O_DIRECTORY);
    ::close(folder);
    folder = inner;
  }
  ::close(folder);
  EXPECT_EQ(empty_folder(scratch.path().c_str()).removed, depth);
  EXPECT_THAT(names_in(scratch.path()), IsEmpty());
}

TEST(RemoveTree, FollowsNoLinkToAFolder) {
  const test::ScratchFolder scratch;
  fs::create_directory(scratch.path() / "kept");
  write(scratch.path() / "kept/file");
  fs::create_symlink("kept", scratch.path() / "link");
  EXPECT_EQ(empty_folder((scratch.path() / "link").c_str()).removed, 0U);
  EXPECT_TRUE(fs::exists(scratch.path() / "kept/file"));
}

// In namespaces of its own: 0 when the mounted folder was left alone, 2 where that cannot be tried.
int empty_around_a_mount(const fs::path& top, const fs::path& mounted) {
  if (::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
    return 2;
  ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
  for (const char* place : {"mount", "deep/er/mount"})
    if (::mount(mounted.c_str(), (top / place).c_str(), nullptr, MS_BIND, nullptr) != 0)
      return 2;
  return empty_folder(top.c_str()).problem.empty() ? 1 : 0;
}

TEST(RemoveTree, LeavesAloneWhatIsMounted) {
  const test::ScratchFolder scratch;
  const fs::path top = scratch.path() / "top";
  fs::create_directories(top / "mount");
  fs::create_directories(top / "deep/er/mount");
  fs::create_directory(scratch.path() / "users");
  write(scratch.path() / "users/file");
  const pid_t child = ::fork();
  if (child == 0)
    ::_exit(empty_around_a_mount(top, scratch.path() / "users"));
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  if (WEXITSTATUS(status) == 2)
    GTEST_SKIP() << "the kernel refuses namespaces to this user";
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(fs::exists(scratch.path() / "users/file"));
}

pid_t number_of_none() {
  const pid_t child = ::fork();
  if (child == 0)
    ::_exit(0);
  ::waitpid(child, nullptr, 0);
  return child;
}

TEST(PrivateFolder, ReplacesThoseWhoseMakerIsGone) {
  const test::ScratchFolder scratch;
  const std::string gone = "x-" + std::to_string(number_of_none()) + "-";
  const fs::path locked = scratch.path() / (gone + "locked");
  for (const char* name : {"stale", "locked"})
    fs::create_directories(scratch.path() / (gone + name) / "inner");
  for (const char* name : {"x-1-init", "x-no-number", "x-", "other-1-a"})
    fs::create_directory(scratch.path() / name);
  write(scratch.path() / (gone + "file"));
  const int held = ::open(locked.c_str(), O_RDONLY);
  ASSERT_EQ(::flock(held, LOCK_EX), 0);
  const PrivateFolder made = make_private_folder(scratch.path().c_str(), "x");
  ASSERT_GE(made.fd, 0);
  EXPECT_EQ(names_in(scratch.path()).size(), 7U);
  EXPECT_TRUE(fs::exists(locked));
  EXPECT_FALSE(fs::exists(scratch.path() / (gone + "stale")));
  EXPECT_THAT(made.path, HasSubstr("/x-" + std::to_string(::getpid()) + "-"));
  EXPECT_NE(::flock(::open(made.path.c_str(), O_RDONLY | O_CLOEXEC), LOCK_EX | LOCK_NB), 0);
  ::close(held);
  ::close(made.fd);
}

// A process of another pid namespace may have the number too; what it holds is locked.
TEST(PrivateFolder, OfAnEndedMakerIsRemovedUnlessItIsInUse) {
  const test::ScratchFolder scratch;
  for (const char* name : {"x-4711-left", "x-4711-locked", "x-471-a", "y-4711-a"})
    fs::create_directories(scratch.path() / name / "inner");
  const int held = ::open((scratch.path() / "x-4711-locked").c_str(), O_RDONLY);
  ASSERT_EQ(::flock(held, LOCK_EX), 0);
  remove_folders_of(4711, scratch.path().c_str(), "x");
  EXPECT_THAT(names_in(scratch.path()),
              testing::UnorderedElementsAre("x-4711-locked", "x-471-a", "y-4711-a"));
  ::close(held);
}

TEST(PrivateFolder, IsNoneWhereNoneCanBeMade) {
  EXPECT_EQ(make_private_folder("/nowhere", "x").path, "");
}

} // namespace
} // namespace pep554
