#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/pace.h"

namespace pep554 {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

// Which of `count` things are told that come one after the other, `apart` of each other.
std::vector<std::uint64_t> told(std::uint64_t total, std::uint64_t count, seconds apart) {
  Pace::Clock::time_point now{};
  Pace pace(total, now);
  std::vector<std::uint64_t> lines;
  for (std::uint64_t done = 1; done <= count; ++done) {
    now += apart;
    if (pace.due(done, now))
      lines.push_back(done);
  }
  return lines;
}

TEST(PaceTest, TellsEachQuarter) {
  EXPECT_THAT(told(10, 10, seconds(0)), ElementsAre(3, 5, 8, 10));
  EXPECT_THAT(told(3, 3, seconds(0)), ElementsAre(1, 2, 3));
  EXPECT_THAT(told(1, 1, seconds(0)), ElementsAre(1));
}

TEST(PaceTest, KnowsNoQuartersWithoutAWhole) {
  EXPECT_THAT(told(0, 5000, seconds(0)), IsEmpty());
}

TEST(PaceTest, IsSilentForAMinuteAtMost) {
  EXPECT_THAT(told(0, 7, seconds(20)), ElementsAre(3, 6));
  EXPECT_THAT(told(1000, 7, seconds(20)), ElementsAre(3, 6));
}

// The minute counts from the last line, whatever it was for.
TEST(PaceTest, CountsTheMinuteFromTheLastLine) {
  EXPECT_THAT(told(16, 10, seconds(25)), ElementsAre(3, 4, 7, 8));
}

} // namespace
} // namespace pep554
