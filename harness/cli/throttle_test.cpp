#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/throttle.h"

namespace pep554 {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

// Which of `count` events are reported, when they occur at intervals of `apart`.
std::vector<std::uint64_t> reported(std::uint64_t total, std::uint64_t count, seconds apart) {
  Throttle::Clock::time_point now{};
  Throttle throttle(total, now);
  std::vector<std::uint64_t> lines;
  for (std::uint64_t done = 1; done <= count; ++done) {
    now += apart;
    if (throttle.due(done, now))
      lines.push_back(done);
  }
  return lines;
}

TEST(ThrottleTest, ReportsEachQuarter) {
  EXPECT_THAT(reported(10, 10, seconds(0)), ElementsAre(3, 5, 8, 10));
  EXPECT_THAT(reported(3, 3, seconds(0)), ElementsAre(1, 2, 3));
  EXPECT_THAT(reported(1, 1, seconds(0)), ElementsAre(1));
}

TEST(ThrottleTest, HasNoQuartersWithoutATotal) {
  EXPECT_THAT(reported(0, 5000, seconds(0)), IsEmpty());
}

TEST(ThrottleTest, ReportsAtLeastOnceAMinute) {
  EXPECT_THAT(reported(0, 7, seconds(20)), ElementsAre(3, 6));
  EXPECT_THAT(reported(1000, 7, seconds(20)), ElementsAre(3, 6));
}

// The minute counts from the last line, whatever it was for.
TEST(ThrottleTest, RestartsTheMinuteAfterEachReport) {
  EXPECT_THAT(reported(16, 10, seconds(25)), ElementsAre(3, 4, 7, 8));
}

} // namespace
} // namespace pep554
