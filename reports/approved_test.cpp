// The reports of the sample, compared with the approved ones in tests/approved. After a wanted
// change, review them and approve: PEP554_APPROVE=1 writes what this build makes in their place.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "reports/badge.h"
#include "reports/junit.h"
#include "reports/markdown.h"
#include "reports/page.h"
#include "reports/results_json.h"
#include "reports/tap.h"
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

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

void compare(const std::string& name, const std::string& made) {
  const auto path = PEP554_SOURCE_DIR "/reports/tests/approved/" + name;
  if (std::getenv("PEP554_APPROVE") != nullptr) {
    std::ofstream(path, std::ios::binary) << made;
    return;
  }
  const auto approved = text_of(path);
  EXPECT_TRUE(approved == made) << path << " differs, first in " << first_difference(approved, made)
                                << "\nIf that is wanted: PEP554_APPROVE=1 " PEP554_BUILD_DIR
                                   "/tests/reports "
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

TEST(Approved, Tap) {
  std::ostringstream out;
  write_tap(sample_run(), out);
  compare("sample.tap", out.str());
}

TEST(Approved, Markdown) {
  std::ostringstream out;
  write_markdown(sample_run(), {{"New failures", {"destroy.twice: observed, now crash"}}}, out);
  compare("sample.md", out.str());
}

TEST(Approved, Badge) {
  std::ostringstream svg;
  write_badge_svg(sample_run(), svg);
  compare("sample.svg", svg.str());
  std::ostringstream json;
  write_badge_json(sample_run(), json);
  compare("sample.badge.json", json.str());
}

// The page's style and script are the files of reports/page, to the letter; the approved page has
// their names in their place.
TEST(Approved, Page) {
  std::ostringstream out;
  write_page(sample_run(), out);
  auto page = out.str();
  for (const std::string name : {"page.css", "page.js"}) {
    const auto text = text_of(PEP554_SOURCE_DIR "/reports/page/" + name);
    ASSERT_FALSE(text.empty()) << name;
    const auto at = page.find(text);
    ASSERT_NE(at, std::string::npos) << name << " is not in the page as it is";
    page.replace(at, text.size(), "(" + name + ")");
  }
  compare("sample.html", page);
}

} // namespace
} // namespace pep554
