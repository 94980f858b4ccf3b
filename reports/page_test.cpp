// The contents of the page, and that text from the target is escaped. The CTest reports/page checks
// it in a browser.
#include "reports/page.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "reports/tests/generators.h"
#include "reports/tests/sample_run.h"

namespace pep554 {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string page(const RunResult& run) {
  std::ostringstream out;
  write_page(run, out);
  return out.str();
}

size_t occurrences(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

TEST(Page, HasTheClaim) {
  EXPECT_THAT(page(sample_run()), HasSubstr("</span>Not conformant</h1>"));
  EXPECT_THAT(page(conformant_run()), HasSubstr("</span>Conformant</h1>"));
  EXPECT_THAT(page(RunResult()), HasSubstr("</span>Partial</h1>"));
}

TEST(Page, ReportsNoProblemsOnlyWithoutAny) {
  EXPECT_THAT(page(conformant_run()), HasSubstr("None. Every case"));
  EXPECT_THAT(page(sample_run()), Not(HasSubstr("None. Every case")));
}

TEST(Page, HasEveryQuoteAndEveryAnchor) {
  const auto run = sample_run();
  const auto html = page(run);
  for (const auto& clause : run.clauses)
    EXPECT_THAT(html, HasSubstr("id=\"clause-" + clause.id + "\""));
  for (const auto& result : run.cases)
    EXPECT_THAT(html, HasSubstr("id=\"case-" + result.id + "\""));
  EXPECT_THAT(html, HasSubstr("<blockquote><p>Finalize and destroy the interpreter.</p>"));
}

TEST(Page, HasEveryVerdictAsAWord) {
  const auto html = page(sample_run());
  for (const auto verdict : all_verdicts)
    EXPECT_THAT(html, HasSubstr("</span>" + std::string(to_string(verdict)) + "</span>"));
}

TEST(Page, QuotesTheSentenceOfAFailure) {
  // destroy.removes has no words of its own: they are those of what it follows from.
  EXPECT_THAT(page(sample_run()),
              HasSubstr("destroy.removes</a> A destroyed interpreter is not in the list. "
                        "<q>Finalize and destroy the interpreter.</q>"));
}

TEST(Page, UnfoldsCasesThatDidNotPass) {
  const auto html = page(sample_run());
  EXPECT_THAT(html, HasSubstr("id=\"case-destroy.used\" data-verdict=\"leak\" open>"));
  EXPECT_THAT(html, HasSubstr("id=\"case-create.distinct\" data-verdict=\"pass\">"));
}

TEST(Page, ReportsASelection) {
  auto run = sample_run();
  EXPECT_THAT(page(run), Not(HasSubstr("Only a selection was run")));
  run.filter = "destroy.*";
  EXPECT_THAT(page(run), HasSubstr("Only a selection was run: <code>destroy.*</code>."));
  run.shard = "2/4";
  EXPECT_THAT(page(run), HasSubstr("Only a selection was run: <code>destroy.*, shard 2/4</code>."));
}

TEST(Page, NamesClausesWithoutACase) {
  auto run = conformant_run();
  run.clauses.front().cases.clear();
  EXPECT_THAT(page(run), HasSubstr("Clauses without a case (1)"));
}

TEST(Page, GroupsEqualProblems) {
  RunResult run;
  for (const char* id : {"a.1", "a.2", "a.3", "a.4"}) {
    run.cases.emplace_back();
    run.cases.back().id = id;
    run.cases.back().title = std::string("title of ") + id;
    run.cases.back().verdict = Verdict::unsupported;
    run.cases.back().reason = "there is nothing to judge";
  }
  EXPECT_THAT(page(run), HasSubstr(">4 results, the first: title of a.1</a>"));
  run.cases.back().reason = "another";
  EXPECT_THAT(page(run), Not(HasSubstr("results, the first")));
}

TEST(Page, UnfoldsNothingOfAnUnsupportedTarget) {
  RunResult run;
  run.cases.emplace_back();
  run.cases.back().id = "a.1";
  run.cases.back().verdict = Verdict::unsupported;
  EXPECT_THAT(page(run), HasSubstr("data-verdict=\"unsupported\" open>"));
  run.target.unsupported_reason = "it has no subinterpreters";
  EXPECT_THAT(page(run), AllOf(HasSubstr("</span>Unsupported</h1>"),
                               Not(HasSubstr("data-verdict=\"unsupported\" open>"))));
}

TEST(Page, EscapesTheTargetsText) {
  const auto html = page(sample_run());
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(&apos;x&apos;)&lt;/script&gt;"));
  EXPECT_THAT(html, HasSubstr("{{mustache}} {{{raw}}}"));
  EXPECT_THAT(html, HasSubstr("\\x1b[31mred"));
  EXPECT_THAT(html, HasSubstr("reordered &lt;U+202E&gt;"));
}

TEST(Page, LoadsNothing) {
  const auto html = page(sample_run());
  EXPECT_THAT(html, Not(HasSubstr("http://")));
  EXPECT_THAT(html, Not(HasSubstr("https://")));
  EXPECT_THAT(html, Not(HasSubstr(" src=")));
}

RC_GTEST_PROP(Page, NoTextAddsMarkup, ()) {
  static const auto plain = page(RunResult());
  const auto run = *hostile_run();
  const auto html = page(run);
  RC_ASSERT(occurrences(html, "<script") == occurrences(plain, "<script"));
  RC_ASSERT(occurrences(html, "<details class") == run.cases.size());
  RC_ASSERT(occurrences(html, "<article") == run.clauses.size());
}

// A failure of what the text says comes before one of an open question, whatever their ids are.
TEST(Page, ListsProblemsByWeight) {
  RunResult run;
  for (const ClauseKind kind : {ClauseKind::open, ClauseKind::stated}) {
    const std::string name(to_string(kind));
    run.clauses.emplace_back().id = "c." + name;
    run.clauses.back().kind = kind;
    run.cases.emplace_back().id = name + ".case"; // "open" is first
    run.cases.back().title = "title of " + name;
    run.cases.back().verdict = Verdict::fail;
    run.cases.back().clauses = {run.clauses.back().id};
  }
  const std::string text = page(run);
  const size_t stated = text.find("Stated clauses are violated (1)");
  const size_t open = text.find("Failures of open questions (1)");
  ASSERT_NE(open, std::string::npos);
  EXPECT_LT(stated, text.find(">title of stated</a>"));
  EXPECT_LT(text.find(">title of stated</a>"), open);
  EXPECT_LT(open, text.find(">title of open</a>"));
}

} // namespace
} // namespace pep554
