#include "harness/engine/signature.h"

#include <csignal>

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

Case runs_code() {
  Case made;
  made.program.lanes = {{{Op::run, "a", "", "pass"}}};
  Expectation ok;
  made.expectations = {{ok}};
  return made;
}

std::string signature_of_ending(Termination termination, std::optional<std::string> raised = {}) {
  History history;
  history.events.push_back(event(Event::Kind::called, 0));
  if (raised) {
    history.events.push_back(event(Event::Kind::returned, 0));
    history.events.back().answer.status = Status::raised;
    history.events.back().answer.raised = {"other", *raised, "at 0x7f001234 after 17 s"};
  }
  history.termination = std::move(termination);
  const Case subject = runs_code();
  const CaseResult result = judge(subject, history);
  EXPECT_EQ(result.signature, signature_of(subject, history, {}, result));
  return result.signature;
}

Termination ended(Termination::Kind kind, int code = 0, const std::string& limit = "") {
  Termination made;
  made.kind = kind;
  made.code = code;
  made.limit = limit;
  made.completed = kind == Termination::Kind::exited;
  return made;
}

// Two runs that fail alike differ in addresses, times and sizes.
TEST(Signature, HoldsNothingThatVaries) {
  using enum Termination::Kind;
  EXPECT_EQ(signature_of_ending(ended(exited), "ValueError"), "fail run ValueError");
  EXPECT_EQ(signature_of_ending(ended(exited), "<locals>.E_0x7f3A_12345.x\n\x1b y"),
            "fail run <locals>.E_*_*.x___y");
  EXPECT_EQ(signature_of_ending(ended(exited), std::string(1000, 'E')),
            "fail run " + std::string(80, 'E'));
  EXPECT_EQ(signature_of_ending(ended(signaled, SIGABRT)), "crash run SIGABRT");
  EXPECT_EQ(signature_of_ending(ended(deadline)), "hang run");
  EXPECT_EQ(signature_of_ending(ended(limit_exceeded, 0, "memory")), "limit-exceeded run memory");
  EXPECT_EQ(signature_of_ending(ended(limit_exceeded, 0, "1234567 bytes")),
            "limit-exceeded run *_bytes");
  EXPECT_EQ(signature_of_ending(ended(not_run)), "not-run");
}

// One host reports that it could not finalize, and exits with a status of its own; of another only
// the end of the process is seen.
TEST(Signature, OfABrokenExitHasNoStatusOfTheHost) {
  const auto of = [](bool reported, Status status, int code) {
    History history;
    history.events.push_back(event(Event::Kind::called, 0));
    history.events.push_back(event(Event::Kind::returned, 0));
    history.events.push_back(event(Event::Kind::finalize, 0));
    if (reported) {
      history.events.push_back(event(Event::Kind::finalized, 0));
      history.events.back().answer.status = status;
    }
    history.termination = ended(Termination::Kind::exited, code);
    return judge(runs_code(), history).signature;
  };
  EXPECT_EQ(of(true, Status::failed, 1), "broken-at-exit");
  EXPECT_EQ(of(false, Status::ok, 0), "broken-at-exit");
  EXPECT_EQ(of(false, Status::ok, 7), "broken-at-exit status 7");
  EXPECT_EQ(of(true, Status::ok, 7), "broken-at-exit status 7");
  EXPECT_EQ(of(true, Status::ok, 0), "");
}

TEST(Signature, OfAPassIsEmpty) {
  History history;
  history.events.push_back(event(Event::Kind::called, 0));
  history.events.push_back(event(Event::Kind::returned, 0));
  history.termination = ended(Termination::Kind::exited);
  EXPECT_EQ(judge(runs_code(), history).signature, "");
}

TEST(Signature, InCommonHasTheFirstWords) {
  EXPECT_EQ(common_signature({"crash run SIGABRT"}), "crash run SIGABRT");
  EXPECT_EQ(common_signature({"crash run SIGABRT", "crash run SIGSEGV"}), "crash run");
  EXPECT_EQ(common_signature({"leak memory create", "leak memory"}), "leak memory");
  EXPECT_EQ(common_signature({"crash runs", "crash run"}), "crash");
  EXPECT_EQ(common_signature({"crash", "fail"}), "");
  EXPECT_EQ(common_signature({"", "fail"}), "");
  EXPECT_TRUE(begins_with_words("crash run SIGABRT", "crash run"));
  EXPECT_TRUE(begins_with_words("crash run", "crash run"));
  EXPECT_FALSE(begins_with_words("crash runs", "crash run"));
  EXPECT_FALSE(begins_with_words("crash", "crash run"));
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
