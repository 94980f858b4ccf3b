// What is said of a module that is installed, and not judged.
#include "harness/run/unjudged_module.h"

#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/testing/scratch_folder.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;

class UnjudgedModules : public testing::Test {
protected:
  UnjudgedModules() {
    put("venv/pyvenv.cfg", "home = /usr/bin\ninclude-system-site-packages = false\n");
    put("venv/bin/python", "");
    hello_.facts = {{"version", "3.11.2"},
                    {"site", "off"},
                    {"prefix", (folder_ / "base").string()},
                    {"executable", (folder_ / "venv/bin/python").string()}};
  }

  fs::path put(const std::string& name, const std::string& text) {
    fs::path file = folder_ / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
    return file;
  }

  fs::path found() const { return unjudged_module(target_, hello_).file; }

  test::ScratchFolder scratch_;
  fs::path folder_ = scratch_.path();
  Target target_{"python:p", "python:p", {"p", "agent.py", "adapter=auto"}};
  Hello hello_;
};

TEST_F(UnjudgedModules, IsFoundInAVirtualEnvironment) {
  EXPECT_EQ(found(), "");
  const fs::path module =
      put("venv/lib/python3.11/site-packages/interpreters/__init__.py", "1 / 0");
  EXPECT_EQ(found(), module);
  EXPECT_EQ(unjudged_warning(target_, hello_),
            module.string() + " is installed, but not judged: targets start without site packages; "
                              "to judge it: --target python:p,site=on");
}

TEST_F(UnjudgedModules, MayBeAnExtensionOrStandElsewhere) {
  const fs::path extension =
      put("venv/lib/python3.11/site-packages/interpreters.cpython-311-x86_64-linux-gnu.so", "");
  EXPECT_EQ(found(), extension);
  fs::remove(extension);
  const fs::path module = put("src/interpreters.py", "");
  put("venv/lib/python3.11/site-packages/__editable__.pth",
      "# to be edited\nimport hook\n" + (folder_ / "src").string() + "\n");
  EXPECT_EQ(found(), module);
}

TEST_F(UnjudgedModules, OfTheBaseCountsOnlyWhereItIsVisible) {
  const fs::path module = put("base/lib/python3/dist-packages/interpreters.py", "");
  EXPECT_EQ(found(), "");
  put("venv/pyvenv.cfg", "include-system-site-packages = true\n");
  EXPECT_EQ(found(), module);
  fs::remove(folder_ / "venv/pyvenv.cfg"); // no virtual environment
  EXPECT_EQ(found(), module);
}

// site=on does not bring these.
TEST_F(UnjudgedModules, OfTheUserNeedsAPath) {
  const char* before = std::getenv("HOME");
  const std::string home = before != nullptr ? before : "";
  ::setenv("HOME", folder_.c_str(), 1);
  const fs::path module = put(".local/lib/python3.11/site-packages/interpreters.py", "");
  EXPECT_EQ(found(), ""); // a virtual environment has none
  fs::remove(folder_ / "venv/pyvenv.cfg");
  EXPECT_EQ(found(), module);
  EXPECT_EQ(unjudged_module(target_, hello_).option, "path=" + module.parent_path().string());
  ::setenv("HOME", home.c_str(), 1);
}

TEST_F(UnjudgedModules, IsNothingWhereTheTargetSaysWhatToJudge) {
  put("venv/lib/python3.11/site-packages/interpreters.py", "");
  ASSERT_NE(found(), "");
  target_.command.emplace_back("site=off");
  EXPECT_EQ(found(), "");
  target_.command = {"p", "agent.py", "path=/mine"};
  EXPECT_EQ(found(), "");
  target_.command = {"p", "agent.py", "adapter=auto", "site=on"};
  hello_.facts[1].second = "on";
  EXPECT_EQ(found(), "");
}

} // namespace
} // namespace pep554
