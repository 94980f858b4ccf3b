// Markdown: the verdict first, changes next, the rest folded; text of the target is no markup.
// tests/markdown_test.py has a renderer read it.
#include "reports/markdown.h"

#include <regex>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "reports/tests/generators.h"
#include "reports/tests/sample_run.h"
#include "reports/tests/sample_text.h"

namespace pep554 {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string markdown(const RunResult& run, const std::vector<MarkdownSection>& sections = {}) {
  std::ostringstream out;
  write_markdown(run, sections, out);
  return out.str();
}

TEST(Markdown, TheVerdictIsFirstAndTheChangesNext) {
  const std::string text = markdown(sample_run(), {{"New failures", {"run.exit: crash"}}});
  EXPECT_THAT(
      text, StartsWith("## PEP 554 ✗ Not conformant: `reference`\n\n**Not conformant.** reference "
                       "is not conformant to the first draft of PEP 554: 2 of 7 stated"));
  const auto changes = text.find("### New failures\n\n- `run.exit:` crash\n");
  ASSERT_NE(changes, std::string::npos);
  EXPECT_LT(changes, text.find("<details>"));
  EXPECT_THAT(markdown(conformant_run()), Not(HasSubstr("did not pass")));
}

TEST(Markdown, ManyCasesWithOneReasonAreOneEntry) {
  RunResult run;
  for (const char* id : {"a.1", "a.2", "a.3", "a.4"}) {
    run.cases.emplace_back();
    run.cases.back().id = id;
    run.cases.back().verdict = Verdict::unsupported;
    run.cases.back().reason = "nothing to judge";
  }
  EXPECT_THAT(markdown(run),
              HasSubstr("<summary>4 cases did not pass</summary>\n\n- ∅ unsupported, "
                        "4 cases, the first `a.1`: `nothing to judge`\n\n"));
  run.cases.back().reason = "another";
  EXPECT_THAT(markdown(run), HasSubstr("- ∅ unsupported `a.2`: `nothing to judge`\n"));
}

TEST(Markdown, ACodeSpanHoldsAnyText) {
  EXPECT_EQ(code_span(""), "");
  EXPECT_EQ(code_span("a.b"), "`a.b`");
  EXPECT_EQ(code_span("a `` b"), "```a `` b```");
  EXPECT_EQ(code_span("`a"), "`` `a ``");
  EXPECT_EQ(code_span("a\n# b\x1B"), "`a\\n# b\\x1b`");
  EXPECT_EQ(code_span("abcdef", 5), "`ab...`");
}

TEST(Markdown, OnlyPlainWordsStandOutsideOfCode) {
  EXPECT_EQ(markdown_text("all 27 clauses passed."), "all 27 clauses passed.");
  EXPECT_EQ(markdown_text("by @everyone in #12, see <b> *x*"),
            "by `@everyone` in `#12,` see `<b> *x*`");
  EXPECT_EQ(markdown_text("1. a www.example.org GH-1"), "`1.` a `www.example.org GH-1`");
}

// Without its code spans, nothing is left that could be markup, a link or a mention.
std::string without_code(const std::string& line) {
  std::string rest;
  for (size_t i = 0; i < line.size();) {
    if (line[i] != '`') {
      rest += line[i++];
      continue;
    }
    const size_t end = std::min(line.find_first_not_of('`', i), line.size());
    const std::string fence = line.substr(i, end - i);
    size_t close = end;
    for (;;) { // a run of exactly as many
      close = line.find(fence, close);
      if (close == std::string::npos)
        return "UNCLOSED " + line;
      const size_t after = std::min(line.find_first_not_of('`', close), line.size());
      if (after - close == fence.size())
        break;
      close = after;
    }
    i = close + fence.size();
  }
  return rest;
}

RC_GTEST_PROP(Markdown, ForeignTextIsInCodeSpans, ()) {
  const std::string any = *rc::gen::arbitrary<std::string>();
  const std::string text =
      markdown(*hostile_run(), {{any, {any, hostile_text(), *rc::gen::arbitrary<std::string>()}}});
  static const std::regex ours(
      "(#{2,3} |\\*\\*[A-Z][a-z, ]+\\.\\*\\* |- |)[\\w .,:;✓✗∅◐†∞≋∴±⊣⌁⊘–○-]*|\\|.*\\||</?details>|"
      "<summary>[\\w ]+</summary>");
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const std::string rest = without_code(line);
    if (!std::regex_match(rest, ours))
      RC_FAIL(rest);
  }
}

TEST(Markdown, FitsIntoAComment) {
  RunResult run = sample_run();
  const CaseResult one = run.cases[2];
  for (int i = 0; i < 1000; ++i) {
    run.cases.push_back(one);
    run.cases.back().reason = std::to_string(i) + std::string(500, '`');
    run.target.facts.emplace_back("name", std::string(500, '`'));
  }
  run.claim = run.target.name = std::string(5000, '`');
  std::vector<MarkdownSection> sections;
  for (int i = 0; i < 100; ++i)
    sections.push_back(
        {std::string(100, '@'), std::vector<std::string>(50, std::string(500, '*'))});
  const std::string text = markdown(run, sections);
  EXPECT_LT(text.size(), 60'000U);
  EXPECT_THAT(text, testing::ContainsRegex("\n- and [0-9]+ more\n"));
}

} // namespace
} // namespace pep554
