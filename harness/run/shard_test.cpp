// Shards: every case is in one, whatever the times; and they take about as long.
#include "harness/run/shard.h"

#include <algorithm>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace pep554 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Ids = std::vector<std::string>;

TEST(Shard, IsReadFromItsText) {
  const auto shard = shard_from("2/4");
  ASSERT_TRUE(shard);
  EXPECT_EQ(shard->index, 2U);
  EXPECT_EQ(shard->count, 4U);
  EXPECT_TRUE(shard_from("1/1"));
  EXPECT_TRUE(shard_from("10000/10000"));
}

TEST(Shard, RefusesWhatIsNone) {
  for (const char* text : {"", "1", "/", "0/4", "5/4", "1/", "/4", "-1/4", "1/10001", "1 /4",
                           "1/4x", "1/2/4", "0x1/4", "99999999999/99999999999"})
    EXPECT_FALSE(shard_from(text)) << text;
  EXPECT_THAT(shard_from("5/4").error().message,
              HasSubstr("--shard: \"5/4\" is no shard: expected I/N, with I from 1 to N"));
}

TEST(Shard, WithoutTimesHasEveryNthId) {
  const Ids ids{"e", "a", "d", "b", "c"};
  EXPECT_THAT(ids_of_shard(ids, {}, {1, 2}), ElementsAre("a", "c", "e"));
  EXPECT_THAT(ids_of_shard(ids, {}, {2, 2}), ElementsAre("b", "d"));
}

TEST(Shard, TheLongestGoesWhereTheLeastIsToDo) {
  const CaseTimes times{{"a", 10}, {"b", 70}, {"c", 40}, {"d", 30}, {"gone", 1000}};
  EXPECT_THAT(ids_of_shard({"a", "b", "c", "d"}, times, {1, 2}), ElementsAre("a", "b"));
  EXPECT_THAT(ids_of_shard({"a", "b", "c", "d"}, times, {2, 2}), ElementsAre("c", "d"));
}

TEST(Shard, ACaseWithoutATimeCountsAsTheMedian) {
  const CaseTimes times{{"a", 1}, {"b", 20}, {"c", 1000}};
  // c alone; new is as long as b, so they are two and one with a.
  EXPECT_THAT(ids_of_shard({"a", "b", "c", "new"}, times, {1, 3}), ElementsAre("c"));
  EXPECT_THAT(ids_of_shard({"a", "b", "c", "new"}, times, {2, 3}), ElementsAre("a", "b"));
  EXPECT_THAT(ids_of_shard({"a", "b", "c", "new"}, times, {3, 3}), ElementsAre("new"));
}

// Ids, and times of some of them and of others.
struct Work {
  Ids ids;
  CaseTimes times;
  unsigned count;
};

Work any_work() {
  Work work;
  work.ids = *rc::gen::unique<Ids>(rc::gen::string<std::string>());
  for (const std::string& id : work.ids)
    if (*rc::gen::arbitrary<bool>())
      work.times[id] = *rc::gen::arbitrary<std::int64_t>();
  work.times["no such case"] = 7;
  work.count = *rc::gen::inRange(1U, 12U);
  return work;
}

RC_GTEST_PROP(Shard, EachIdIsInExactlyOne, ()) {
  Work work = any_work();
  Ids all;
  for (unsigned index = 1; index <= work.count; ++index)
    std::ranges::copy(ids_of_shard(work.ids, work.times, {index, work.count}),
                      std::back_inserter(all));
  std::ranges::sort(all);
  std::ranges::sort(work.ids);
  RC_ASSERT(all == work.ids);
}

RC_GTEST_PROP(Shard, DoesNotDependOnTheOrderOfTheIds, ()) {
  const Work work = any_work();
  Ids reversed(work.ids.rbegin(), work.ids.rend());
  RC_ASSERT(ids_of_shard(work.ids, work.times, {1, work.count}) ==
            ids_of_shard(reversed, work.times, {1, work.count}));
}

// The bound of the longest-first rule: no shard has more than the mean and one case besides.
RC_GTEST_PROP(Shard, NoneHasMoreThanTheMeanAndItsLongestCase, ()) {
  Work work;
  work.ids = *rc::gen::unique<Ids>(rc::gen::string<std::string>());
  std::int64_t sum = 0;
  std::int64_t longest = 0;
  for (const std::string& id : work.ids) {
    const auto time = *rc::gen::inRange<std::int64_t>(1, 1000);
    work.times[id] = time;
    sum += time;
    longest = std::max(longest, time);
  }
  const auto count = *rc::gen::inRange(1U, 12U);
  for (unsigned index = 1; index <= count; ++index) {
    std::int64_t load = 0;
    for (const std::string& id : ids_of_shard(work.ids, work.times, {index, count}))
      load += work.times[id];
    RC_ASSERT(load <= sum / count + longest);
  }
}

} // namespace
} // namespace pep554
