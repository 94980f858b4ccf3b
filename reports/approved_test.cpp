// The reports of the sample, compared with the approved ones in tests/approved. After a wanted
// change, look at them and approve: PEP554_APPROVE=1 writes what this build makes in their place.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "reports/junit.h"
#include "reports/page.h"
#include "reports/results_json.h"
#include "reports/tests/sample_run.h"

namespace pep554 {
namespace {

std::string first_difference(const std::string& approved, const std::string& made) {
  std::istringstream left(approved);
  std::istringstream right(made);
  std::string expected;
  std::string got;
  for (size_t line = 1; left || right; ++line) {
    const bool had = static_cast<bool>(std::getline(left, expected));
    const bool has = static_cast<bool>(std::getline(right, got));
    if (had != has || (had && expected != got))
      return fmt::format("line {}\n  approved: {}\n  made:     {}", line, expected, got);
  }
  return "none";
}

void compare(const std::string& name, const std::string& made) {
  const auto path = PEP554_SOURCE_DIR "/reports/tests/approved/" + name;
  if (std::getenv("PEP554_APPROVE") != nullptr) {
    std::ofstream(path, std::ios::binary) << made;
    return;
  }
  std::ostringstream approved;
  approved << std::ifstream(path, std::ios::binary).rdbuf();
  EXPECT_TRUE(approved.str() == made)
      << path << " differs, first in " << first_difference(approved.str(), made)
      << "\nIf that is wanted: PEP554_APPROVE=1 " PEP554_BUILD_DIR "/tests/reports_test "
         "--gtest_filter=Approved.*";
}

TEST(Approved, Json) {
  compare("sample.json", results_text(sample_run()));
}

TEST(Approved, Junit) {
  std::ostringstream out;
  write_junit(sample_run(), out);
  compare("sample.xml", out.str());
}

TEST(Approved, Page) {
  std::ostringstream out;
  write_page(sample_run(), out);
  compare("sample.html", out.str());
}

} // namespace
} // namespace pep554
