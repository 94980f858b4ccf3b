// The search for the smallest: it comes to an end, and finds it.
#include "cases/properties/shrink.h"

#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/properties/generator.h"

namespace pep554::properties {
namespace {

TEST(Shrink, EveryCandidateIsSmaller) {
  for (std::uint64_t number = 0; number < 300; ++number) {
    const Scenario one = generate(everything(), 3, number);
    for (const Scenario& other : smaller(one)) {
      EXPECT_LT(weight(other), weight(one)) << number;
      case_of(other, {}); // any part of a scenario is one
    }
  }
}

bool contains(const std::vector<Snippet>& code, SnippetKind kind) {
  return std::ranges::any_of(
      code, [kind](const Snippet& one) { return one.kind == kind || contains(one.inside, kind); });
}

// The search, and how many scenarios it tried.
Search first_that(size_t& tried, bool (*shows)(const Scenario&)) {
  return [&tried, shows](const std::vector<Scenario>& candidates) {
    const auto found = std::ranges::find_if(candidates, shows);
    tried += static_cast<size_t>(found - candidates.begin());
    return static_cast<size_t>(found - candidates.begin());
  };
}

// A destroy after a thread was left behind, by whichever name: two actions and one snippet.
bool shows(const Scenario& scenario) {
  std::map<std::string, std::string> first;
  std::string name;
  for (const Action& action : scenario.actions) {
    const std::string on = first.contains(action.on) ? first.at(action.on) : action.on;
    if (action.op == Op::construct && !on.empty())
      first[action.as] = on;
    if (action.op == Op::run && contains(action.code, SnippetKind::lingering_thread))
      name = on;
    if (action.op == Op::destroy && on == name)
      return true;
  }
  return false;
}

TEST(Shrink, FindsTheSmallest) {
  size_t found = 0;
  for (std::uint64_t number = 0; number < 2000; ++number) {
    const Scenario one = generate(everything(), 5, number);
    if (!shows(one))
      continue;
    ++found;
    size_t tried = 0;
    const Scenario least = shrink(one, first_that(tried, shows));
    ASSERT_EQ(least.actions.size(), 2U) << number;
    EXPECT_THAT(least.actions[0].code, testing::SizeIs(1));
    EXPECT_EQ(least.actions[0].code[0].kind, SnippetKind::lingering_thread);
    EXPECT_EQ(least.finish, Finish::quit);
    EXPECT_LT(tried, 500U);
  }
  EXPECT_GT(found, 20U);
}

// It failed since the other one could not be destroyed; that it failed is what matters.
TEST(Shrink, ReplacesCrossInterpreterSnippetsByRaise) {
  Scenario one;
  const auto add = [&one](Op op, const std::string& name, std::vector<Snippet> code) {
    Action action;
    action.op = op;
    (op == Op::create ? action.as : action.on) = name;
    action.code = std::move(code);
    one.actions.push_back(std::move(action));
  };
  add(Op::create, "a", {});
  add(Op::run, "a", {{SnippetKind::lingering_thread}});
  add(Op::create, "b", {});
  add(Op::run, "b", {{SnippetKind::print}, {SnippetKind::destroy_all_others}});
  const auto fails = [](const Scenario& scenario) {
    bool blocking = false;
    bool failed = false;
    for (const Action& action : scenario.actions) {
      blocking = blocking || contains(action.code, SnippetKind::lingering_thread);
      failed = failed || contains(action.code, SnippetKind::raise) ||
               (blocking && contains(action.code, SnippetKind::destroy_all_others));
    }
    return failed;
  };
  size_t tried = 0;
  const Scenario least = shrink(one, first_that(tried, fails));
  ASSERT_EQ(least.actions.size(), 1U);
  EXPECT_EQ(least.actions[0].code, (std::vector<Snippet>{{SnippetKind::raise}}));
}

TEST(Shrink, StopsWithTheSearch) {
  const Scenario one = generate(everything(), 5, 500);
  EXPECT_EQ(shrink(one, [](const auto& candidates) { return candidates.size(); }), one);
}

} // namespace
} // namespace pep554::properties
