// What is read, and what is refused without waiting.
#include "spec/read_file.h"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "harness/testing/scratch_folder.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;

class ReadFile : public testing::Test {
protected:
  std::string problem(const fs::path& path) {
    const auto text = read_file(path);
    EXPECT_FALSE(text) << path;
    return text ? "none" : text.error().message;
  }

  test::ScratchFolder scratch_;
  fs::path folder_ = scratch_.path();
};

TEST_F(ReadFile, AnswersTheWholeContent) {
  const std::string content(200'000, '\0');
  std::ofstream(folder_ / "long", std::ios::binary) << content;
  std::ofstream(folder_ / "empty") << "";
  EXPECT_EQ(read_file(folder_ / "long"), content);
  EXPECT_EQ(read_file(folder_ / "empty"), "");
  fs::create_symlink("long", folder_ / "link");
  EXPECT_EQ(read_file(folder_ / "link"), content);
}

TEST_F(ReadFile, SaysWhatIsNoFile) {
  EXPECT_EQ(problem(folder_ / "gone"), "there is no such file");
  EXPECT_EQ(problem(folder_), "is a folder");
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(problem(folder_ / "pipe"), "is a pipe"); // at once, without a writer
  EXPECT_EQ(problem("/dev/zero"), "is a device");
  fs::create_symlink("circle", folder_ / "circle");
  EXPECT_EQ(problem(folder_ / "circle"), "cannot be read: Too many levels of symbolic links");
  EXPECT_EQ(problem("/proc/self/mem"), "cannot be read: Input/output error");
}

TEST_F(ReadFile, RefusesWhatIsTooLarge) {
  std::ofstream(folder_ / "large") << "x";
  fs::resize_file(folder_ / "large", (std::uintmax_t{1} << 30U) + 1);
  EXPECT_EQ(problem(folder_ / "large"), "is larger than 1 GiB");
}

TEST_F(ReadFile, NamesTheFileAndWhatWasExpected) {
  const auto read = read_file("/proc", "a table");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().where, Source{"/proc"});
  EXPECT_EQ(read.error().message, "is a folder: expected a table");
}

} // namespace
} // namespace pep554
