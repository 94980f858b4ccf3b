// How often each kind of action, snippet and state occurs in generated scenarios.
#include "cases/properties/generator.h"

#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/properties/statistics.h"

namespace pep554::properties {
namespace {

constexpr std::uint64_t seed = 20170905;

Statistics statistics(std::uint64_t from, std::uint64_t to) {
  Statistics all;
  for (std::uint64_t number = from; number < to; ++number)
    all.add(generate(everything(), seed, number));
  return all;
}

TEST(Generator, TheSameSeedAndNumberGiveTheSame) {
  for (std::uint64_t number = 0; number < 50; ++number)
    EXPECT_EQ(generate(everything(), seed, number), generate(everything(), seed, number));
}

TEST(Generator, FewScenariosAreEqual) {
  std::vector<Scenario> distinct;
  for (std::uint64_t number = 0; number < 300; ++number) {
    Scenario one = generate(everything(), seed + number % 2, number);
    if (std::ranges::find(distinct, one) == distinct.end())
      distinct.push_back(std::move(one));
  }
  EXPECT_GT(distinct.size(), 280U);
}

TEST(Generator, TheFirstHundredVary) {
  const Statistics first = statistics(0, 100);
  for (const OpInfo& operation : operations()) {
    if (operation.op != Op::open && operation.op != Op::wait) {
      EXPECT_GT(first.share("operation " + std::string(operation.name)), 0) << operation.name;
    }
  }
  size_t met = 0;
  for (const SnippetInfo& kind : snippet_kinds())
    met += first.share("snippet " + std::string(kind.name)) > 0 ? 1U : 0U;
  EXPECT_GE(met, snippet_kind_count * 9 / 10);
}

// The least shares of scenarios, in percent.
TEST(Generator, EveryKindOccursOften) {
  const Statistics all = statistics(0, 3000);
  const std::map<std::string, double> least{{"operation create", 60},
                                            {"operation run", 60},
                                            {"operation destroy", 40},
                                            {"operation eval", 25},
                                            {"operation enumerate", 20},
                                            {"operation construct", 20},
                                            {"operation is_running", 15},
                                            {"operation release", 8},
                                            {"operation run, blocking", 5},
                                            {"on dead: run", 5},
                                            {"on dead: destroy", 3},
                                            {"on dead: is_running", 1},
                                            {"on live: destroy", 40},
                                            {"on running: is_running", 1},
                                            {"on live with threads: destroy", 3},
                                            {"on live with threads: run", 2},
                                            {"on main: run", 3},
                                            {"on main: destroy", 0.5},
                                            {"after create: destroy", 15},
                                            {"after run: destroy", 20},
                                            {"after run: run", 15},
                                            {"after destroy: run", 2},
                                            {"unknown id: construct, an id", 2},
                                            {"unknown id: construct, malformed", 4},
                                            {"unknown id: run, an id", 1},
                                            {"unknown id: run, malformed", 2},
                                            {"snippet nest, 1 deep", 20},
                                            {"snippet nest, 2 deep", 3},
                                            {"snippet nest, 3 deep", 0.3},
                                            {"lanes 1", 10},
                                            {"lanes 3", 10},
                                            {"ends: finalize", 20},
                                            {"ends: nothing alive", 10}};
  for (const auto& [what, percent] : least)
    EXPECT_GE(100 * all.share(what), percent) << what << "\n" << all.text();
  for (const SnippetInfo& kind : snippet_kinds())
    EXPECT_GE(100 * all.share("snippet " + std::string(kind.name)), 3) << kind.name;
}

// In some of the scenarios, enumerate follows most operations that change the list.
TEST(Generator, SomeScenariosCallEnumerateOften) {
  const auto changes = [](const Action& action) {
    return action.op == Op::create || action.op == Op::construct || action.op == Op::destroy ||
           action.op == Op::release;
  };
  int watched = 0;
  for (std::uint64_t number = 0; number < 1000; ++number) {
    const auto actions = generate(everything(), 1, number).actions;
    int changed = 0;
    int seen = 0;
    for (size_t i = 0; i + 1 < actions.size(); ++i)
      if (changes(actions[i])) {
        ++changed;
        seen += actions[i + 1].op == Op::enumerate ? 1 : 0;
      }
    watched += changed >= 4 && 2 * seen >= changed ? 1 : 0;
  }
  EXPECT_GE(watched, 60);
}

TEST(Generator, FollowsItsProfile) {
  Profile profile;
  profile.operations = {{Op::create, 1}, {Op::run, 1}};
  profile.snippet_kinds = {{SnippetKind::print, 1}};
  for (std::uint64_t number = 0; number < 50; ++number) {
    const Scenario one = generate(profile, seed, number);
    EXPECT_LE(one.actions.size(), profile.length + 1);
    EXPECT_EQ(one.finish, Finish::quit);
    for (const Action& action : one.actions) {
      EXPECT_TRUE(action.op == Op::create || action.op == Op::run || action.op == Op::get_main);
      EXPECT_EQ(action.lane, 0U);
      for (const Snippet& snippet : action.code)
        EXPECT_EQ(snippet.kind, SnippetKind::print);
    }
  }
}

// An operation that fails is repeated twice as often as one that succeeds.
TEST(Generator, RetriesFailedOperations) {
  std::map<bool, unsigned> followed;
  std::map<bool, unsigned> again;
  for (std::uint64_t number = 0; number < 2000; ++number) {
    const auto actions = generate(everything(), 11, number).actions;
    for (size_t i = 0; i + 1 < actions.size(); ++i) {
      if (actions[i].op != Op::run || actions[i].code.empty() || actions[i].blocking)
        continue;
      const bool fails = info(actions[i].code.back().kind).ends;
      ++followed[fails];
      again[fails] += actions[i + 1] == actions[i] ? 1U : 0U;
    }
  }
  EXPECT_GT(followed[true], 500U);
  EXPECT_GT(again[true] * 100, followed[true] * 20);
  EXPECT_LT(again[false] * 100, followed[false] * 20);
}

} // namespace
} // namespace pep554::properties
