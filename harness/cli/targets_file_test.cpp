// The file that names targets.
#include "harness/cli/targets_file.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/testing/scratch_folder.h"

namespace pep554 {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class TargetsFile : public testing::Test {
protected:
  std::optional<std::vector<NamedTarget>> load(const std::string& text) {
    std::ofstream(file_) << text;
    testing::internal::CaptureStderr();
    auto targets = load_targets(file_, {});
    stderr_tail_ = testing::internal::GetCapturedStderr();
    return targets;
  }

  test::ScratchFolder scratch_;
  fs::path file_ = scratch_.path() / "targets.toml";
  std::string stderr_tail_;
};

TEST_F(TargetsFile, KeepsTheOrderAndResolvesFilesFromItsFolder) {
  const auto targets = load("[[target]]\nname = \"b-1.0\"\ntarget = \"plugin:./mine.so\"\n"
                            "[[target]]\nname = \"a\"\ntarget = \"reference\"\n");
  ASSERT_TRUE(targets) << stderr_tail_;
  ASSERT_EQ(targets->size(), 2U);
  EXPECT_EQ((*targets)[0].name, "b-1.0");
  EXPECT_EQ((*targets)[0].target.name, "plugin:./mine.so");
  EXPECT_EQ((*targets)[0].target.command.back(),
            (fs::absolute(file_).parent_path() / "mine.so").lexically_normal().string());
  EXPECT_EQ((*targets)[1].name, "a");
}

struct Bad {
  std::string text;
  std::string complaint; // behind the name of the file
};

TEST_F(TargetsFile, ReportsEveryErrorWithItsPosition) {
  const std::vector<Bad> bad{
      {"", ":1:1: expected at least one [[target]]"},
      {"target = ]", ":1:10: "},
      {"[[target]]\nname = \"a\"\n", ":1:1: expected \"target\""},
      {"[[target]]\nname = \"a/b\"\ntarget = \"reference\"\n", ":2:8: \"a/b\" names a folder"},
      {"[[target]]\nname = \"..\"\ntarget = \"reference\"\n", ":2:8: \"..\" names a folder"},
      {"[[target]]\nname = \"a\"\ntarget = \"pypy\"\n", ":3:10: unknown target \"pypy\""},
      {"[[target]]\nname = \"a\"\ntarget = \"reference\"\ncolour = 1\n", "colour"},
      {"[[target]]\nname = \"a\"\ntarget = \"reference\"\n"
       "[[target]]\nname = \"a\"\ntarget = \"reference\"\n",
       ":5:8: there is a target \"a\" already"}};
  for (const Bad& one : bad) {
    EXPECT_FALSE(load(one.text)) << one.text;
    EXPECT_THAT(stderr_tail_, HasSubstr(file_.string())) << one.text;
    EXPECT_THAT(stderr_tail_, HasSubstr(one.complaint)) << one.text;
  }
}

TEST_F(TargetsFile, ReportsAMissingFile) {
  testing::internal::CaptureStderr();
  EXPECT_FALSE(load_targets("/no/such/targets.toml", {}));
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("/no/such/targets.toml"));
}

} // namespace
} // namespace pep554
