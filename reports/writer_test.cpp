#include "reports/writer.h"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/testing/scratch_folder.h"
#include "reports/results_json.h"
#include "reports/tests/sample_run.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class Writer : public testing::Test {
protected:
  static std::string read(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  test::ScratchFolder scratch_;
  fs::path dir_ = scratch_.path();
};

TEST_F(Writer, WritesEachFormatAndLeavesNoOtherFile) {
  ASSERT_TRUE(write_reports(sample_run(), dir_ / "new" / "folder"));
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(dir_ / "new" / "folder"))
    names.push_back(entry.path().filename());
  EXPECT_THAT(names, testing::UnorderedElementsAre("results.json", "junit.xml", "index.html",
                                                   "results.tap", "summary.md", "badge.svg",
                                                   "badge.json"));
}

TEST_F(Writer, FormatsAreWrittenBesideTheResults) {
  std::ofstream(dir_ / "results.json") << "stays";
  ASSERT_TRUE(write_formats(sample_run(), dir_, {{"Changes", {"one"}}}));
  EXPECT_EQ(read(dir_ / "results.json"), "stays");
  EXPECT_THAT(read(dir_ / "summary.md"), HasSubstr("### Changes\n\n- one\n"));
  EXPECT_TRUE(fs::exists(dir_ / "index.html"));
}

TEST_F(Writer, ReplacesFormerFiles) {
  std::ofstream(dir_ / "results.json") << "former";
  ASSERT_TRUE(write_reports(sample_run(), dir_));
  EXPECT_EQ(read(dir_ / "results.json"), results_text(sample_run()));
}

TEST_F(Writer, NamesTheFileAndTheReason) {
  std::ofstream(dir_ / "file") << "not a folder";
  const auto written = write_reports(sample_run(), dir_ / "file" / "below");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message,
              AllOf(HasSubstr("file/below"), HasSubstr("Not a directory")));
}

TEST_F(Writer, LeavesNothingTemporaryWhenAFileCannotBeReplaced) {
  fs::create_directories(dir_ / "junit.xml" / "in-the-way");
  const auto written = write_reports(sample_run(), dir_);
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, AllOf(HasSubstr("junit.xml: "), HasSubstr("directory")));
  for (const auto& entry : fs::directory_iterator(dir_))
    EXPECT_NE(entry.path().extension(), ".tmp");
}

TEST_F(Writer, SaysThatTheDiskIsFull) {
  if (!fs::exists("/dev/full"))
    GTEST_SKIP() << "no /dev/full";
  // The temporary name is known, so that a link to a full device can stand there.
  fs::create_symlink("/dev/full", dir_ / ("results.json." + std::to_string(getpid()) + ".tmp"));
  const auto written = write_reports(sample_run(), dir_);
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message,
              AllOf(HasSubstr("results.json"), HasSubstr("No space left")));
}

} // namespace
} // namespace pep554
