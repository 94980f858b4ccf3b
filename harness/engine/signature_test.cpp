#include "harness/engine/signature.h"

#include <gtest/gtest.h>

#include "harness/engine/judge.h"

namespace pep554 {
namespace {

Case creates_and_destroys() {
  Case made;
  made.program.lanes = {{{Op::create, "", "a", ""}, {Op::destroy, "a", "", ""}}};
  made.program.repeat = 40;
  made.expectations = {{std::nullopt, std::nullopt}};
  return made;
}

Event event(Event::Kind kind, size_t step) {
  Event made;
  made.kind = kind;
  made.at = {0, step};
  return made;
}

// It answers well, and holds so much more after each repetition, `in_create` of it in all.
History growing(ResourceUsage each, ResourceUsage in_create) {
  History history;
  for (size_t step = 0; step < 2; ++step) {
    history.events.push_back(event(Event::Kind::called, step));
    history.events.push_back(event(Event::Kind::returned, step));
    if (step == 0)
      history.events.back().answer.ids = {"1"};
  }
  for (int n = 0; n <= 40; ++n) {
    Event measured = event(Event::Kind::measured, 0);
    measured.repetition = n;
    measured.held = {n * each.memory, n * each.descriptors, 1, 0, 0};
    history.events.push_back(measured);
  }
  Event grown = event(Event::Kind::grown, 0);
  grown.held = in_create;
  history.events.push_back(grown);
  history.termination.kind = Termination::Kind::exited;
  history.termination.completed = true;
  return history;
}

std::string signature(const History& history, Baseline baseline = {}) {
  const Case subject = creates_and_destroys();
  return signature_of(subject, history, baseline, judge(subject, history, baseline));
}

TEST(Signature, OfALeakHasResourceAndStep) {
  const ResourceUsage descriptors{0, 1, 0, 0, 0};
  const ResourceUsage memory{1 << 20, 0, 0, 0, 0};
  EXPECT_EQ(signature(growing(descriptors, {0, 40, 0, 0, 0})), "leak descriptors create");
  EXPECT_EQ(signature(growing(memory, {40 << 20, 0, 0, 0, 0})), "leak memory create");
  EXPECT_EQ(signature(growing(memory, {})), "leak memory");
}

TEST(Signature, OfALeakWithoutAStepMatchesAnyStep) {
  EXPECT_EQ(without_culprit("leak memory create"), "leak memory");
  EXPECT_EQ(without_culprit("leak memory"), "leak memory");
  EXPECT_EQ(without_culprit("crash destroy SIGABRT"), "crash destroy SIGABRT");
  EXPECT_TRUE(is_of_kind("leak memory create", "leak memory"));
  EXPECT_TRUE(is_of_kind("leak memory create", "leak memory create"));
  EXPECT_FALSE(is_of_kind("leak memory", "leak memory create"));
  EXPECT_FALSE(is_of_kind("leak descriptors create", "leak memory"));
  EXPECT_FALSE(is_of_kind("crash destroy SIGABRT", "crash destroy"));
}

} // namespace
} // namespace pep554
