#include "harness/run/target_files.h"

#include <fstream>

#include <gtest/gtest.h>

#include "harness/testing/scratch_folder.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;

class TargetFiles : public testing::Test {
protected:
  TargetFiles() {
    fs::create_directories(scratch_.path() / "modules/inner/__pycache__");
    write("mine.so", "one");
    write("modules/inner/a.py", "a = 1");
    paths_.host = scratch_.path() / "bin/pep554-host";
    paths_.plugins = scratch_.path() / "plugins";
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(scratch_.path() / name) << text;
  }

  std::string digest(const std::vector<std::string>& words) const {
    std::vector<std::string> command{paths_.host.string()};
    for (const std::string& word : words)
      command.push_back(word);
    return digest_of_files({"t", "t", command}, paths_);
  }

  std::string plugin() const { return (scratch_.path() / "mine.so").string(); }
  std::string modules() const { return "path=" + (scratch_.path() / "modules").string(); }

  test::ScratchFolder scratch_;
  Paths paths_;
};

TEST_F(TargetFiles, AFileThatChangesIsAnotherTarget) {
  const std::string before = digest({plugin()});
  EXPECT_EQ(before.size(), 16U);
  EXPECT_EQ(digest({plugin()}), before);
  write("mine.so", "two");
  EXPECT_NE(digest({plugin()}), before);
}

TEST_F(TargetFiles, AFolderIsAllThatIsBelow) {
  const std::string before = digest({modules()});
  write("modules/inner/__pycache__/a.pyc", "compiled");
  write("modules/inner/a.gcda", "what a build leaves");
  EXPECT_EQ(digest({modules()}), before);
  write("modules/inner/a.py", "a = 2");
  const std::string other = digest({modules()});
  EXPECT_NE(other, before);
  write("modules/b.py", "");
  EXPECT_NE(digest({modules()}), other);
}

TEST_F(TargetFiles, OwnFilesAndNamesAreNoneOfIt) {
  fs::create_directories(paths_.plugins);
  write("plugins/pep554-cpython.so", "own");
  EXPECT_EQ(digest({(paths_.plugins / "pep554-cpython.so").string(), "libpython=libpython3.so",
                    "adapter=auto", "/nowhere/x"}),
            "");
}

} // namespace
} // namespace pep554
