// The Test Anything Protocol: results are test points, and no text becomes anything else.
// tests/tap_test.py has other readers read it.
#include "reports/tap.h"

#include <regex>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "reports/tests/generators.h"
#include "reports/tests/sample_run.h"

namespace pep554 {
namespace {

using testing::HasSubstr;

std::string tap(const RunResult& run) {
  std::ostringstream out;
  write_tap(run, out);
  return out.str();
}

size_t lines_with(const std::string& text, const std::string& begin) {
  size_t count = 0;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    count += line.starts_with(begin) ? 1U : 0U;
  return count;
}

TEST(Tap, OnlyPassedAndObservedCasesAreOk) {
  const RunResult run = sample_run();
  const std::string text = tap(run);
  for (size_t i = 0; i < run.cases.size(); ++i) {
    const Verdict verdict = run.cases[i].verdict;
    const bool good = verdict == Verdict::pass || verdict == Verdict::observed;
    EXPECT_THAT(text, HasSubstr(std::string("\n") + (good ? "ok " : "not ok ") +
                                std::to_string(i + 1) + " - " + run.cases[i].id + ": "));
  }
  EXPECT_THAT(text, HasSubstr("enumerate.order: The order of the list (observed, not judged)\n"));
}

TEST(Tap, ANameIsNoDirective) {
  RunResult run = conformant_run();
  run.cases.resize(1);
  run.cases[0].title = "fails # SKIP\nok 2 \\# TODO";
  EXPECT_THAT(tap(run), HasSubstr(R"(fails \# SKIP\\nok 2 \\\# TODO)"));
}

TEST(Tap, ARunOfNothingBailsOut) {
  EXPECT_EQ(tap(RunResult()), "TAP version 13\nBail out! No case was run.\n");
}

// Every line is one of the protocol's, and there are as many test points as the plan says.
RC_GTEST_PROP(Tap, HasNoOtherLines, ()) {
  const RunResult run = *hostile_run();
  if (run.cases.empty())
    return;
  const std::string text = tap(run);
  static const std::regex line_of_tap(
      "TAP version 13|1\\.\\.\\d+|# .*|(not )?ok \\d+ - [^#]*(\\\\#[^#]*)*|  ---|  \\.\\.\\.|"
      "  [a-z]+: \".*\"");
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    RC_ASSERT(std::regex_match(line.substr(0, 2000), line_of_tap) || line.size() > 2000);
  RC_ASSERT(lines_with(text, "ok ") + lines_with(text, "not ok ") == run.cases.size());
  RC_ASSERT(lines_with(text, "  ---") == lines_with(text, "not ok "));
}

} // namespace
} // namespace pep554
