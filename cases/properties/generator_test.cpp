// What comes up how often: a generator that never makes what breaks is worth nothing.
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

TEST(Generator, HardlyAnyTwoAreAlike) {
  std::vector<Scenario> distinct;
  for (std::uint64_t number = 0; number < 300; ++number) {
    Scenario one = generate(everything(), seed + number % 2, number);
    if (std::ranges::find(distinct, one) == distinct.end())
      distinct.push_back(std::move(one));
  }
  EXPECT_GT(distinct.size(), 280U);
}

TEST(Generator, TheFirstHundredAreVaried) {
  const Statistics first = statistics(0, 100);
  for (const OpInfo& operation : operations()) {
    if (operation.op != Op::open && operation.op != Op::wait) {
      EXPECT_GT(first.share("operation " + std::string(operation.name)), 0) << operation.name;
    }
  }
  size_t met = 0;
  for (const DeedInfo& deed : deeds())
    met += first.share("deed " + std::string(deed.name)) > 0 ? 1U : 0U;
  EXPECT_GE(met, deed_count * 9 / 10);
}

// Shares of scenarios, in percent, which the design wants at least.
TEST(Generator, NothingIsRare) {
  const Statistics all = statistics(0, 3000);
  const std::map<std::string, double> least{{"operation create", 60},
                                            {"operation run", 60},
                                            {"operation destroy", 40},
                                            {"operation eval", 25},
                                            {"operation enumerate", 20},
                                            {"operation construct", 20},
                                            {"operation is_running", 15},
                                            {"operation release", 8},
                                            {"operation run, stays", 5},
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
                                            {"nobody: construct, an id", 2},
                                            {"nobody: construct, malformed", 4},
                                            {"nobody: run, an id", 1},
                                            {"nobody: run, malformed", 2},
                                            {"deed nest, 1 deep", 20},
                                            {"deed nest, 2 deep", 3},
                                            {"deed nest, 3 deep", 0.3},
                                            {"lanes 1", 10},
                                            {"lanes 3", 10},
                                            {"ends: finalize", 20},
                                            {"ends: nothing alive", 10}};
  for (const auto& [what, percent] : least)
    EXPECT_GE(100 * all.share(what), percent) << what << "\n" << all.text();
  for (const DeedInfo& deed : deeds())
    EXPECT_GE(100 * all.share("deed " + std::string(deed.name)), 3) << deed.name;
}

// What an operation does to the list is mostly seen, in a part of all scenarios.
TEST(Generator, SomeScenariosWatchTheList) {
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

TEST(Generator, KeepsToItsProfile) {
  Profile profile;
  profile.operations = {{Op::create, 1}, {Op::run, 1}};
  profile.deeds = {{Deed::print, 1}};
  for (std::uint64_t number = 0; number < 50; ++number) {
    const Scenario one = generate(profile, seed, number);
    EXPECT_LE(one.actions.size(), profile.length + 1);
    EXPECT_EQ(one.finish, Finish::quit);
    for (const Action& action : one.actions) {
      EXPECT_TRUE(action.op == Op::create || action.op == Op::run || action.op == Op::get_main);
      EXPECT_EQ(action.lane, 0U);
      for (const Behaviour& behaviour : action.code)
        EXPECT_EQ(behaviour.deed, Deed::print);
    }
  }
}

// Of what follows a run that fails; what does not fail is repeated half as often.
TEST(Generator, TriesAgainWhatFailed) {
  std::map<bool, unsigned> followed;
  std::map<bool, unsigned> again;
  for (std::uint64_t number = 0; number < 2000; ++number) {
    const auto actions = generate(everything(), 11, number).actions;
    for (size_t i = 0; i + 1 < actions.size(); ++i) {
      if (actions[i].op != Op::run || actions[i].code.empty() || actions[i].stays)
        continue;
      const bool fails = info(actions[i].code.back().deed).ends;
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
