// CPython's own module deviates as cases/deviations says: no more, no less, and in the same way.
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/tests/command.h"
#include "spec/toml_reader.h"

namespace pep554::test {
namespace {

using Verdicts = std::map<std::string, std::string>; // by case

Verdicts known_deviations(const std::string& name, std::string& target) {
  const std::filesystem::path path =
      std::filesystem::path(PEP554_SOURCE_DIR) / "cases/deviations" / name;
  Diagnostics diagnostics;
  Verdicts known;
  const auto table = parse_toml(path, name, diagnostics);
  if (table) {
    TableReader reader(*table, name, diagnostics);
    target = reader.required("target");
    for (const toml::table* entry : reader.tables("deviation")) {
      TableReader row(*entry, name, diagnostics);
      known[row.required("case")] = row.required("verdict");
      row.required("because");
      row.finish();
    }
    reader.finish();
  }
  for (const Diagnostic& one : diagnostics.sorted())
    ADD_FAILURE() << to_string(one);
  return known;
}

TEST(Deviations, OfCPython311AreTheKnownOnes) {
  std::string target;
  const Verdicts known = known_deviations("cpython-3.11-xxsubinterpreters.toml", target);
  const auto out = fresh_folder();
  const Finished finished = pep554({"run", "--quiet", "--target", target, "--out", out.string()});
  EXPECT_EQ(finished.code, 1) << finished.err;
  EXPECT_THAT(finished.left, testing::IsEmpty());
  Verdicts found;
  const nlohmann::json document = results(out);
  for (const auto& one : document.at("cases")) {
    const std::string verdict = one.at("verdict");
    if (verdict != "pass" && verdict != "observed")
      found[one.at("id")] = verdict;
  }
  EXPECT_EQ(found, known) << "a stale or a new deviation: see cases/deviations";
}

} // namespace
} // namespace pep554::test
