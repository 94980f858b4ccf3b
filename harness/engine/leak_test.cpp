#include "harness/engine/leak.h"

#include <functional>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pep554 {
namespace {

using testing::HasSubstr;

Program twice() {
  Program program;
  program.lanes = {{{Op::create, "", "a", ""}, {Op::destroy, "a", "", ""}}};
  program.repeat = 64;
  return program;
}

// A history of 64 repetitions; `held` returns the usage after each.
History measured(const std::function<ResourceUsage(int)>& held, ResourceUsage in_destroy = {}) {
  History history;
  for (int n = 0; n <= 64; ++n) {
    Event event{Event::Kind::measured, {}, 0, "", {}};
    event.repetition = n;
    event.held = held(n);
    history.events.push_back(event);
  }
  Event grown{Event::Kind::grown, {0, 1}, 0, "", {}};
  grown.held = in_destroy;
  history.events.push_back(grown);
  return history;
}

std::string leak(const History& history, Baseline baseline = {}) {
  const auto found = leak_in(twice(), history, baseline);
  return found ? found->text : "none";
}

TEST(Leak, OfMemoryHasASizeAndAStep) {
  const History history = measured(
      [](int n) {
        return ResourceUsage{n * 102'400, 3, 1, 0, 0};
      },
      {56 * 102'400, 0, 0, 0, 0});
  EXPECT_EQ(leak(history), "100.0 KiB of memory leaked per repetition, by a.destroy() (over 56 "
                           "repetitions)");
}

TEST(Leak, HasAResourceAndAStep) {
  const auto both = [](int n) { return ResourceUsage{n * 102'400, 3 + n, 1, 0, 0}; };
  const auto found = leak_in(twice(), measured(both, {0, 56, 0, 0, 0}), {});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->resource, "descriptors");
  EXPECT_EQ(found->culprit, (StepRef{0, 1}));
  EXPECT_FALSE(leak_in(twice(), measured(both), {})->culprit);
}

TEST(Leak, IsNotOneTimeGrowth) {
  EXPECT_EQ(leak(measured([](int n) {
              return ResourceUsage{n > 30 ? 9'000'000 : 0, 3, 1, 0, 0};
            })),
            "none");
}

TEST(Leak, IsNotFluctuation) {
  EXPECT_EQ(leak(measured([](int n) {
              return ResourceUsage{(n % 8) * 500'000, 3 + n % 2, 1, 0, 0};
            })),
            "none");
}

TEST(Leak, IsNotWarmUp) {
  EXPECT_EQ(leak(measured([](int n) {
              return ResourceUsage{std::min(n, 8) * 900'000, 3, 1, 0, 0};
            })),
            "none");
}

TEST(Leak, OfDescriptorsThreadsProcessesAndFilesIsCounted) {
  EXPECT_THAT(leak(measured([](int n) {
                return ResourceUsage{0, 3 + n, 1, 0, 0};
              })),
              HasSubstr("1 open descriptors leaked per repetition"));
  EXPECT_THAT(leak(measured([](int n) {
                return ResourceUsage{0, 3, 1 + 2 * n, 0, 0};
              })),
              HasSubstr("2 threads"));
  EXPECT_THAT(leak(measured([](int n) {
                return ResourceUsage{0, 3, 1, n, 0};
              })),
              HasSubstr("1 processes"));
  EXPECT_THAT(leak(measured([](int n) {
                return ResourceUsage{0, 3, 1, 0, n / 2};
              })),
              HasSubstr("0.5 temporary files"));
}

TEST(Leak, TheBaselineIsSubtracted) {
  const History history = measured([](int n) { return ResourceUsage{n * 40'000, 3, 1, 0, 0}; });
  EXPECT_THAT(leak(history), HasSubstr("39.1 KiB"));
  EXPECT_EQ(leak(history, {30'000}), "none"); // too little in all
}

TEST(Leak, OfHugeNumbersIsReported) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  History history = measured(
      [](int n) {
        return ResourceUsage{most / 70 * n, 0, 0, 0, 0};
      },
      {most});
  history.events.push_back(history.events.back());
  EXPECT_THAT(leak(history), HasSubstr("MiB of memory leaked per repetition, by a.destroy()"));
}

TEST(Leak, NeedsEnoughRepetitions) {
  History history = measured([](int n) { return ResourceUsage{n * 102'400, 3, 1, 0, 0}; });
  history.events.resize(20); // 11 of which count
  EXPECT_EQ(leak(history), "none");
  EXPECT_EQ(too_few_repetitions(twice(), history),
            "only 11 of 56 repetitions were measured in time: too few to see a leak");
  Program short_one = twice();
  short_one.repeat = 8;
  EXPECT_EQ(too_few_repetitions(short_one, history), "") << "it is not asked for";
}

TEST(Leak, BaselineIsTheGrowthOfAnEmptyProgram) {
  EXPECT_EQ(baseline_from(measured([](int n) {
              return ResourceUsage{n * 1'000, 3, 1, 0, 0};
            })).memory,
            1'000);
  EXPECT_EQ(baseline_from(measured([](int) {
              return ResourceUsage{5'000, 3, 1, 0, 0};
            })).memory,
            0);
  EXPECT_EQ(baseline_from({}).memory, 0);
}

} // namespace
} // namespace pep554
