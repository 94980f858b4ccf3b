// The index of several runs: its contents, and that all text in it is escaped.
#include "reports/overview.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "reports/tests/sample_run.h"

namespace pep554 {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<OverviewRow> rows() {
  RunResult unsupported;
  unsupported.target.unsupported_reason = "it has <no> subinterpreters";
  return {{"bad", "host:bad", sample_run(), {}},
          {"good", "reference", conformant_run(), {}},
          {"pypy", "python:pypy3", unsupported, {}},
          {"gone", "plugin:<gone>", std::nullopt, "no such <file>"}};
}

std::string page() {
  std::ostringstream out;
  write_overview_page(rows(), out);
  return out.str();
}

TEST(Overview, HasARowForEachTarget) {
  const std::string html = page();
  EXPECT_THAT(html, HasSubstr(">1 of 4 conformant</h1>"));
  EXPECT_THAT(html, HasSubstr("<a href=\"bad/index.html\">bad</a>"));
  EXPECT_THAT(html, HasSubstr("</span>Not conformant</span>"));
  EXPECT_THAT(html, HasSubstr("it has &lt;no&gt; subinterpreters"));
}

TEST(Overview, SaysWhyATargetDidNotStart) {
  const std::string html = page();
  EXPECT_THAT(html, HasSubstr("</span>Did not start</span>"));
  EXPECT_THAT(html, HasSubstr("no such &lt;file&gt;"));
  EXPECT_THAT(html, Not(HasSubstr("gone/index.html")));
  EXPECT_THAT(html, Not(HasSubstr("Not run")));
}

TEST(Overview, DistinguishesUnreachedFromNotStarted) {
  std::ostringstream out;
  write_overview_page({{"late", "reference", {}, "the run was interrupted before", false}}, out);
  EXPECT_THAT(out.str(), HasSubstr("</span>Not run</span>"));
  EXPECT_THAT(out.str(), Not(HasSubstr("Did not start")));
}

TEST(Overview, HasAJsonForm) {
  const auto document = nlohmann::json::parse(overview_text(rows()));
  ASSERT_EQ(document["targets"].size(), 4U);
  EXPECT_EQ(document["targets"][0]["results"], "bad/results.json");
  EXPECT_EQ(document["targets"][0]["conformant"], false);
  EXPECT_EQ(document["targets"][0]["counts"]["crash"], 1);
  EXPECT_EQ(document["targets"][1]["conformant"], true);
  EXPECT_EQ(document["targets"][3]["problem"], "no such <file>");
  EXPECT_EQ(document["targets"][3]["results"], "");
}

TEST(Overview, CannotBeWrittenWhereThereIsNoFolder) {
  const auto written = write_overview(rows(), "/proc/no/such");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr("cannot write /proc/no/such"));
}

} // namespace
} // namespace pep554
