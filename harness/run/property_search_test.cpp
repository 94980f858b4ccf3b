// A search on a host with scripted messages.
#include "harness/run/property_search.h"

#include <gtest/gtest.h>

#include "cases/properties/generator.h"
#include "harness/run/case_runner.h"
#include "harness/run/testing/scripted_host.h"

namespace pep554 {
namespace {

using test::Says;

KnownCase repeated() {
  Case one;
  one.program.lanes = {{{Op::create, "", "a", ""}, {Op::destroy, "a", "", ""}}};
  one.program.repeat = 40;
  one.expectations = {{std::nullopt, std::nullopt}};
  return {{one}, "known"};
}

// The program that measures the share leaves as much behind. No property here weighs anything.
TEST(PropertySearch, SubtractsTheBaselineFromStoredFailures) {
  const test::ScriptedHost host({Says::baseline_leaks}, {Says::leaks_in_create});
  Scheduler scheduler({host.command()});
  ASSERT_TRUE(scheduler.start());
  const std::vector<properties::Property> properties(1);
  const std::vector<KnownCase> known{repeated()};
  const PropertySearch::Outcome outcome =
      PropertySearch(scheduler, properties, known, {}, measured_baseline(scheduler), {}, {}).run();
  EXPECT_EQ(outcome.known_failures, 0U);
  EXPECT_EQ(outcome.known_not_judged, 0U);
}

// A search on a host that runs nothing, one program at a time; stops after `stop_with`, if not 0.
PropertySearch::Outcome search(std::uint64_t from, std::uint64_t examples,
                               std::uint64_t stop_with = 0) {
  const test::ScriptedHost host(std::vector<Says>(examples, Says::nothing));
  Scheduler scheduler({host.command(), 1});
  std::stop_source stop;
  EXPECT_TRUE(scheduler.start(stop.get_token()));
  std::vector<properties::Property> properties(1);
  properties.front().profile = properties::everything();
  PropertySearchOptions options;
  options.from = from;
  options.examples = examples;
  PropertySearch::Listener listener;
  listener.example = [&stop, stop_with](std::uint64_t done) {
    if (done == stop_with)
      stop.request_stop();
  };
  return PropertySearch(scheduler, properties, {}, {}, {}, options, std::move(listener)).run();
}

TEST(PropertySearch, ReportsTheNextExample) {
  for (const std::uint64_t from : {0U, 10U}) {
    EXPECT_EQ(search(from, 5).next, from + 5);
    const PropertySearch::Outcome stopped = search(from, 20, 3);
    EXPECT_EQ(stopped.examples, 3U);
    EXPECT_EQ(stopped.next, from + 3); // the fourth was under way
  }
}

} // namespace
} // namespace pep554
