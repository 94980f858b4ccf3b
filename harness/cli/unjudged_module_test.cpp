// What is said of a module that is installed, and not judged.
#include "harness/cli/unjudged_module.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/testing/scratch_folder.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;

class UnjudgedModule : public testing::Test {
protected:
  UnjudgedModule() {
    put("venv/pyvenv.cfg", "home = /usr/bin\ninclude-system-site-packages = false\n");
    put("venv/bin/python", "");
    hello_.facts = {{"version", "3.11.2"},
                    {"site", "off"},
                    {"prefix", (folder_ / "base").string()},
                    {"executable", (folder_ / "venv/bin/python").string()}};
  }

  fs::path put(const std::string& name, const std::string& text) {
    const fs::path file = folder_ / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
    return file;
  }

  fs::path found() const { return unjudged_module(target_, hello_); }

  test::ScratchFolder scratch_;
  fs::path folder_ = scratch_.path();
  Target target_{"python:p", "python:p", {"p", "agent.py", "adapter=auto"}};
  Hello hello_;
};

TEST_F(UnjudgedModule, IsFoundInAVirtualEnvironment) {
  EXPECT_EQ(found(), "");
  const fs::path module =
      put("venv/lib/python3.11/site-packages/interpreters/__init__.py", "1 / 0");
  EXPECT_EQ(found(), module);
  testing::internal::CaptureStderr();
  warn_of_unjudged_module(target_, hello_);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "pep554: " + module.string() +
                " is installed, but not judged: targets start without site packages; to judge it: "
                "--target python:p,site=on\n");
}

TEST_F(UnjudgedModule, MayBeAnExtensionOrStandElsewhere) {
  const fs::path extension =
      put("venv/lib/python3.11/site-packages/interpreters.cpython-311-x86_64-linux-gnu.so", "");
  EXPECT_EQ(found(), extension);
  fs::remove(extension);
  const fs::path module = put("src/interpreters.py", "");
  put("venv/lib/python3.11/site-packages/__editable__.pth",
      "# to be edited\nimport hook\n" + (folder_ / "src").string() + "\n");
  EXPECT_EQ(found(), module);
}

TEST_F(UnjudgedModule, OfTheBaseCountsOnlyWhereItIsVisible) {
  const fs::path module = put("base/lib/python3/dist-packages/interpreters.py", "");
  EXPECT_EQ(found(), "");
  put("venv/pyvenv.cfg", "include-system-site-packages = true\n");
  EXPECT_EQ(found(), module);
  fs::remove(folder_ / "venv/pyvenv.cfg"); // no virtual environment
  EXPECT_EQ(found(), module);
}

TEST_F(UnjudgedModule, IsNothingWhereTheTargetSaysWhatToJudge) {
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
