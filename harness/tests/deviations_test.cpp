// Every implementation with a file in cases/deviations has exactly the deviations listed there,
// and in the same way.
#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/tests/command.h"
#include "spec/toml_reader.h"

namespace pep554::test {
namespace {

namespace fs = std::filesystem;

using Verdicts = std::map<std::string, std::string>; // by case

const fs::path folder = fs::path(PEP554_SOURCE_DIR) / "cases/deviations";

// A path in a target begins with {source}, so that it holds wherever the sources are.
std::string with_source(std::string target) {
  constexpr std::string_view placeholder = "{source}";
  for (size_t at = 0; (at = target.find(placeholder)) != std::string::npos;)
    target.replace(at, placeholder.size(), PEP554_SOURCE_DIR);
  return target;
}

struct Known {
  std::string target;
  std::vector<std::string> options; // of pep554 run
  Verdicts verdicts;
};

Known read_known(const std::string& name) {
  Diagnostics diagnostics;
  Known known;
  const auto table = parse_toml(folder / name, name, diagnostics);
  if (table) {
    TableReader reader(*table, name, diagnostics);
    known.target = with_source(reader.required("target"));
    if (const auto seconds = reader.positive("timeout"))
      known.options = {"--timeout", std::to_string(*seconds)};
    for (const toml::table* entry : reader.tables("deviation")) {
      TableReader row(*entry, name, diagnostics);
      known.verdicts[row.required("case")] = row.required("verdict");
      row.required("because");
      row.finish();
    }
    reader.finish();
  }
  for (const Diagnostic& one : diagnostics.sorted())
    ADD_FAILURE() << to_string(one);
  return known;
}

std::vector<std::string> files() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".toml")
      names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

class Deviations : public testing::TestWithParam<std::string> {};

TEST_P(Deviations, AreTheKnownOnes) {
  const Known known = read_known(GetParam());
  const auto out = fresh_folder();
  std::vector<std::string> words{"run", "--quiet", "--target", known.target, "--out", out.string()};
  words.insert(words.end(), known.options.begin(), known.options.end());
  const Finished finished = pep554(words);
  EXPECT_EQ(finished.code, 1) << finished.err;
  EXPECT_THAT(finished.left, testing::IsEmpty());
  Verdicts found;
  const nlohmann::json document = results(out);
  for (const auto& one : document.at("cases")) {
    const std::string verdict = one.at("verdict");
    if (verdict != "pass" && verdict != "observed")
      found[one.at("id")] = verdict;
  }
  EXPECT_EQ(found, known.verdicts)
      << "a stale or a new deviation: see cases/deviations/" << GetParam();
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = fs::path(info.param).stem();
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Deviations, testing::ValuesIn(files()), test_name);

} // namespace
} // namespace pep554::test
