// A hunt over a host that says what was written down.
#include "harness/hunt/hunt.h"

#include <gtest/gtest.h>

#include "harness/hunt/scripted_host.h"

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
TEST(Hunt, TakesTheHarnessesShareOffWhatAKnownCaseLeavesBehind) {
  const test::ScriptedHost host({Says::leaks_in_create});
  Scheduler scheduler({host.command()});
  std::string error;
  ASSERT_TRUE(scheduler.start(error)) << error;
  const std::vector<properties::Property> properties(1);
  const std::vector<KnownCase> known{repeated()};
  const Hunt::Outcome outcome = Hunt(scheduler, properties, known, {}, {}, {}).run();
  EXPECT_EQ(outcome.known_failures, 0U);
  EXPECT_EQ(outcome.known_not_judged, 0U);
}

} // namespace
} // namespace pep554
