// The grammar of filters, and what each pattern is matched against.
#include "harness/run/filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace pep554 {
namespace {

using testing::HasSubstr;

ClauseSet clauses() {
  ClauseSet set;
  set.clauses = {{"run.code", ClauseKind::stated, "q", "s", "", {}, {}},
                 {"destroy.removes", ClauseKind::implied, "", "s", "r", {"run.code"}, {}},
                 {"destroy.twice", ClauseKind::open, "", "s?", "", {}, {}}};
  return set;
}

struct Item {
  std::string id;
  std::vector<std::string> clauses;
};

// The ids that the filter selects, with spaces between; or the error.
std::string selected(const std::string& text) {
  static const std::vector<Item> items{
      {"destroy.by-keyword", {"destroy.removes"}},
      {"destroy.removes-from-the-list", {"destroy.removes"}},
      {"destroy.twice", {"destroy.twice"}},
      {"property.ids-differ", {"run.code", "destroy.removes"}},
      {"run.by-keyword", {"run.code"}},
      {"run.code-of-a-file", {"run.code"}},
  };
  const auto filter = Filter::parse(text);
  if (!filter)
    return to_string(filter.error());
  std::string ids;
  for (const Item& one : items)
    if (filter->selects(one.id, one.clauses, clauses()))
      ids += (ids.empty() ? "" : " ") + one.id;
  return ids;
}

TEST(Filter, AnEmptyOneSelectsEverything) {
  EXPECT_EQ(selected(""), selected("*"));
  EXPECT_EQ(selected("  "), selected("*"));
}

TEST(Filter, SelectsWhatOneOfItsPatternsMatches) {
  EXPECT_EQ(selected("case=destroy.twice:case=run.*"),
            "destroy.twice run.by-keyword run.code-of-a-file");
  EXPECT_EQ(selected("*.by-keywor?"), "destroy.by-keyword run.by-keyword");
  EXPECT_EQ(selected("destroy.twic"), "") << "the whole id, not a part";
}

TEST(Filter, ExcludesBehindAHyphen) {
  EXPECT_EQ(selected("case=destroy.*:case=run.*-*.by-keyword"),
            "destroy.removes-from-the-list destroy.twice run.code-of-a-file");
  EXPECT_EQ(selected("-destroy.*:property.*"), "run.by-keyword run.code-of-a-file");
  EXPECT_EQ(selected("case=run.*:-*-file"), "run.by-keyword");
  EXPECT_EQ(selected("op=run-class=open-*.by-keyword"), "run.code-of-a-file");
  EXPECT_EQ(selected("*-destroy.*-run.code-of-a-file"), "run.by-keyword") << "each excludes";
  EXPECT_EQ(selected("op=destroy-*list*:*twice"), "destroy.by-keyword");
  EXPECT_EQ(selected("class=stated-*file"), "property.ids-differ run.by-keyword");
}

TEST(Filter, AHyphenInsideANameExcludesNothing) {
  EXPECT_EQ(selected("destroy.removes-from-the-list"), "destroy.removes-from-the-list");
  EXPECT_EQ(selected("run.*-*"), "run.by-keyword run.code-of-a-file");
  EXPECT_EQ(selected("run.code-of-*"), "run.code-of-a-file");
  EXPECT_EQ(selected("destroy.removes-from-the-list-run.*"), "destroy.removes-from-the-list");
}

TEST(Filter, MatchesClausesOperationsAndClasses) {
  EXPECT_EQ(selected("run.code"), "property.ids-differ run.by-keyword run.code-of-a-file");
  EXPECT_EQ(selected("case=run.code"), "");
  EXPECT_EQ(selected("clause=destroy.twice"), "destroy.twice");
  EXPECT_EQ(selected("clause=run.by-keyword"), "");
  EXPECT_EQ(selected("op=property"), "property.ids-differ");
  EXPECT_EQ(selected("op=*s*"), "destroy.by-keyword destroy.removes-from-the-list destroy.twice");
  EXPECT_EQ(selected("class=open"), "destroy.twice");
  EXPECT_EQ(selected("-class=stated:class=implied"), "destroy.twice");
}

TEST(Filter, OfSeveralEachHasToSelect) {
  EXPECT_EQ(selected("op=destroy class=implied -*.by-keyword"), "destroy.removes-from-the-list");
}

TEST(Filter, NamesAMistake) {
  EXPECT_THAT(selected("kind=open"),
              HasSubstr("\"kind=open\": \"kind\" is unknown: expected case=, "
                        "clause=, op= or class="));
  EXPECT_THAT(selected("clas=open"), HasSubstr("(did you mean class?)"));
  EXPECT_THAT(selected("class=statd"),
              HasSubstr("no class matches \"statd\" (did you mean stated?): expected stated, "));
  EXPECT_THAT(selected("op="), HasSubstr("\"op=\": expected a pattern behind the ="));
  EXPECT_THAT(selected("-"), HasSubstr("the filter \"-\" has no pattern"));
  EXPECT_THAT(selected(":"), HasSubstr("the filter \":\" has no pattern"));
}

// Whatever characters an id has: the command that runs a case alone runs that case.
RC_GTEST_PROP(Filter, OfAnIdSelectsThatIdAlone, ()) {
  const auto letters = rc::gen::nonEmpty(
      rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab.-*?[]\\:= /1"))));
  const std::string id = *letters;
  const std::string other = *letters;
  const auto filter = Filter::parse(filter_of(id));
  RC_ASSERT(filter.has_value());
  RC_ASSERT(filter->selects(id, {}, {}));
  RC_ASSERT(id == other || !filter->selects(other, {id}, {})); // also not what cites a clause of it
  RC_ASSERT(filter->selects(other, {}, {}) == (id == other));
}

RC_GTEST_PROP(Filter, AnyTextIsReadOrRefusedInOneLine, ()) {
  const auto filter = Filter::parse(
      *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab.-*?[]\\:= "))));
  const std::string message = filter ? "one line" : to_string(filter.error());
  RC_ASSERT(!message.empty() && message.find('\n') == std::string::npos);
}

} // namespace
} // namespace pep554
