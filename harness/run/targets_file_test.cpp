// The file that names targets.
#include "harness/run/targets_file.h"

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
    Diagnostics diagnostics;
    auto targets = load_targets(file_, {}, diagnostics);
    errors_.clear();
    for (const Error& one : diagnostics.sorted())
      errors_ += to_string(one) + "\n";
    return diagnostics.empty() ? std::optional(std::move(targets)) : std::nullopt;
  }

  test::ScratchFolder scratch_;
  fs::path file_ = scratch_.path() / "targets.toml";
  std::string errors_;
};

TEST_F(TargetsFile, KeepsTheOrderAndResolvesFilesFromItsFolder) {
  const auto targets = load("[[target]]\nname = \"b-1.0\"\ntarget = \"plugin:./mine.so\"\n"
                            "[[target]]\nname = \"a\"\ntarget = \"reference\"\n");
  ASSERT_TRUE(targets) << errors_;
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
    EXPECT_THAT(errors_, HasSubstr(file_.string())) << one.text;
    EXPECT_THAT(errors_, HasSubstr(one.complaint)) << one.text;
  }
}

TEST_F(TargetsFile, ReportsAMissingFile) {
  Diagnostics diagnostics;
  load_targets("/no/such/targets.toml", {}, diagnostics);
  ASSERT_EQ(diagnostics.sorted().size(), 1U);
  EXPECT_THAT(to_string(diagnostics.sorted().front()), HasSubstr("/no/such/targets.toml"));
}

} // namespace
} // namespace pep554
