// Every implementation with a baseline in cases/deviations deviates exactly as that says.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/tests/command.h"

namespace pep554::test {
namespace {

namespace fs = std::filesystem;

struct Implementation {
  std::string baseline; // file in cases/deviations
  std::string target;
  std::vector<std::string> options; // of pep554 run
};

const std::vector<Implementation>& implementations() {
  static const std::vector<Implementation> all{
      {"processes.toml",
       "cpython:" PEP554_LIBPYTHON ",path=" PEP554_SOURCE_DIR "/harness/examples/processes",
       {"--timeout", "60"}}, // some cases start twenty Pythons
  };
  return all;
}

const fs::path folder = fs::path(PEP554_SOURCE_DIR) / "cases/deviations";

TEST(DeviationsFolder, HasABaselineForEachRowAboveAndNoOther) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".toml")
      files.push_back(entry.path().filename());
  std::vector<std::string> rows;
  for (const Implementation& one : implementations())
    rows.push_back(one.baseline);
  EXPECT_THAT(files, testing::UnorderedElementsAreArray(rows));
}

class Deviations : public testing::TestWithParam<Implementation> {};

TEST_P(Deviations, AreThoseOfTheBaseline) {
  const Implementation& one = GetParam();
  std::vector<std::string> words{"run",        "--quiet",
                                 "--target",   one.target,
                                 "--out",      fresh_folder().string(),
                                 "--baseline", folder / one.baseline};
  words.insert(words.end(), one.options.begin(), one.options.end());
  const Finished finished = pep554(words);
  EXPECT_EQ(finished.code, 0) << finished.out << finished.err;
  EXPECT_THAT(finished.out, testing::HasSubstr(": as expected; accepted deviations: "));
  EXPECT_THAT(finished.left, testing::IsEmpty());
}

std::string test_name(const testing::TestParamInfo<Implementation>& info) {
  std::string name = fs::path(info.param.baseline).stem();
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Deviations, testing::ValuesIn(implementations()), test_name);

} // namespace
} // namespace pep554::test
