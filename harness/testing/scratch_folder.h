// A folder for what a test writes.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

namespace pep554::test {

// Empty and its owner's alone, where temporary files belong (gtest's TempDir); removed with it,
// whatever is in it. No folder can be made: the test fails, and path() is empty.
class ScratchFolder {
public:
  ScratchFolder() {
    std::string name = std::filesystem::path(testing::TempDir()) / "pep554-test-XXXXXX";
    if (::mkdtemp(name.data()) != nullptr)
      path_ = name;
    EXPECT_FALSE(path_.empty()) << name << " cannot be made";
  }
  ~ScratchFolder() {
    std::error_code left;
    std::filesystem::remove_all(path_, left);
    EXPECT_FALSE(left) << path_ << " cannot be removed: " << left.message();
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace pep554::test
