#include "harness/engine/attempts.h"

#include <cmath>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

namespace pep554 {
namespace {

using enum AttemptMode;
using testing::ElementsAre;
using testing::HasSubstr;
using Attempts = std::vector<CaseAttempt>;

CaseAttempt attempt(AttemptMode mode, Verdict verdict) {
  CaseAttempt made{mode, {}};
  made.result.verdict = verdict;
  if (verdict != Verdict::pass)
    made.result.reason = "why it is " + std::string(to_string(verdict));
  return made;
}

// All attempts at a case with these outcomes: of forked attempts, and of fresh ones. The last of
// each goes on for ever.
Attempts attempts_of(std::vector<Verdict> forked, std::vector<Verdict> fresh_ones,
                     bool can_spawn = true, unsigned firsts = 1) {
  Attempts made;
  const auto add = [&](AttemptMode mode) {
    std::vector<Verdict>& outcomes = mode == fresh ? fresh_ones : forked;
    made.push_back(attempt(mode, outcomes.front()));
    if (outcomes.size() > 1)
      outcomes.erase(outcomes.begin());
  };
  for (unsigned i = 0; i < firsts; ++i)
    add(first);
  while (const auto mode = next_attempt(made, can_spawn))
    add(*mode);
  return made;
}

std::vector<AttemptMode> modes_of(const Attempts& attempts) {
  std::vector<AttemptMode> modes;
  for (const CaseAttempt& one : attempts)
    modes.push_back(one.mode);
  return modes;
}

TEST(Attempts, ASinglePassIsTheResult) {
  const Attempts made = attempts_of({Verdict::pass}, {});
  EXPECT_THAT(modes_of(made), ElementsAre(first));
  const CaseResult result = aggregate_attempts(made);
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_TRUE(result.attempts.empty());
}

TEST(Attempts, EqualAttemptsAreTheResult) {
  const Attempts made = attempts_of({Verdict::crash}, {Verdict::crash});
  EXPECT_THAT(modes_of(made), ElementsAre(first, alone, fresh));
  const CaseResult result = aggregate_attempts(made);
  EXPECT_EQ(result.verdict, Verdict::crash);
  EXPECT_EQ(result.reason, "why it is crash");
  ASSERT_EQ(result.attempts.size(), 3U);
  EXPECT_EQ(result.attempts[2].mode, fresh);
}

TEST(Attempts, AFaultOfTheHostIsNeitherAPassNorFlaky) {
  const auto with = [](Verdict other) {
    return aggregate_attempts(
        {attempt(first, Verdict::host_fault), attempt(alone, other), attempt(alone, other)});
  };
  EXPECT_EQ(with(Verdict::pass).verdict, Verdict::host_fault);
  EXPECT_THAT(with(Verdict::pass).reason, HasSubstr("host-fault 1, pass 2 of 3 attempts"));
  EXPECT_EQ(with(Verdict::fail).verdict, Verdict::flaky);
}

TEST(Attempts, ForkedOnesThatDisagreeAreFlaky) {
  const Attempts made = attempts_of({Verdict::hang, Verdict::crash}, {});
  EXPECT_THAT(modes_of(made), ElementsAre(first, alone));
  const CaseResult result = aggregate_attempts(made);
  EXPECT_EQ(result.verdict, Verdict::flaky);
  EXPECT_EQ(result.reason, "hang 1, crash 1 of 2 attempts; crash: why it is crash");
  EXPECT_THAT(modes_of(attempts_of({Verdict::pass, Verdict::fail, Verdict::pass}, {}, true, 3)),
              ElementsAre(first, first, first))
      << "nothing is left to be found out";
}

TEST(Attempts, FreshOnesThatDisagreeAreFlaky) {
  const CaseResult result = aggregate_attempts(
      attempts_of({Verdict::fail}, {Verdict::pass, Verdict::pass, Verdict::fail}));
  EXPECT_EQ(result.verdict, Verdict::flaky);
  EXPECT_THAT(result.reason, HasSubstr("fail 4, pass 2 of 6 attempts; fail: why it is fail"));
}

TEST(Attempts, AForkThatComesAndGoesIsFlaky) {
  const CaseResult result = aggregate_attempts(
      attempts_of({Verdict::fail, Verdict::fail, Verdict::pass}, {Verdict::pass}));
  EXPECT_EQ(result.verdict, Verdict::flaky);
}

TEST(Attempts, TheForkIsToBlameForWhatNoFreshProcessShows) {
  const Attempts made = attempts_of({Verdict::crash}, {Verdict::pass});
  EXPECT_THAT(modes_of(made), ElementsAre(first, alone, fresh, fresh, alone, fresh, alone, fresh,
                                          alone, fresh, alone, fresh));
  const CaseResult result = aggregate_attempts(made);
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_EQ(result.reason, "differs when forked: crash in 6 of 6 forked attempts, pass in 6 of 6 "
                           "fresh processes; why it is crash");
}

TEST(Attempts, AsManyFreshOnesAsForkedOnesFailed) {
  const Attempts made = attempts_of({Verdict::crash}, {Verdict::pass}, true, 9);
  EXPECT_EQ(std::ranges::count(modes_of(made), fresh), 10);
  EXPECT_THAT(aggregate_attempts(made).reason,
              HasSubstr("crash in 10 of 10 forked attempts, pass in 10 of 10 fresh processes"));
}

TEST(Attempts, TooFewFreshOnesAreNotBelieved) {
  EXPECT_EQ(aggregate_attempts({attempt(first, Verdict::crash), attempt(alone, Verdict::crash),
                                attempt(fresh, Verdict::pass)})
                .verdict,
            Verdict::flaky);
}

TEST(Attempts, WithoutFreshOnesTwoAreMadeAlone) {
  EXPECT_THAT(modes_of(attempts_of({Verdict::crash}, {}, false)), ElementsAre(first, alone, alone));
  EXPECT_EQ(
      aggregate_attempts(attempts_of({Verdict::crash, Verdict::crash, Verdict::pass}, {}, false))
          .verdict,
      Verdict::flaky);
}

TEST(Attempts, OneThatWasNotRunIsNoEvidence) {
  EXPECT_EQ(aggregate_attempts(attempts_of({Verdict::not_run, Verdict::pass}, {})).verdict,
            Verdict::pass);
  const Attempts none = attempts_of({Verdict::not_run}, {});
  EXPECT_THAT(modes_of(none), ElementsAre(first, alone, alone));
  EXPECT_EQ(aggregate_attempts(none).verdict, Verdict::not_run);
  const Attempts not_spawned = attempts_of({Verdict::crash}, {Verdict::not_run});
  EXPECT_THAT(modes_of(not_spawned), ElementsAre(first, alone, fresh, alone));
  EXPECT_EQ(aggregate_attempts(not_spawned).verdict, Verdict::crash);
  EXPECT_EQ(
      aggregate_attempts(attempts_of({Verdict::crash}, {Verdict::pass, Verdict::not_run})).verdict,
      Verdict::flaky);
}

TEST(Attempts, AFailureForWantOfSomethingIsNotRun) {
  const auto of = [](std::vector<Verdict> verdicts) {
    Attempts made = attempts_of(std::move(verdicts), {Verdict::fail});
    made.back().shortage = "open files: 8 allowed here";
    return aggregate_attempts(std::move(made));
  };
  EXPECT_EQ(of({Verdict::pass}).verdict, Verdict::pass);
  const CaseResult result = of({Verdict::fail});
  EXPECT_EQ(result.verdict, Verdict::not_run);
  EXPECT_EQ(result.reason, "open files: 8 allowed here; fail: why it is fail");
  EXPECT_EQ(result.attempts.front().verdict, Verdict::fail) << "what was seen stays";
  EXPECT_EQ(of({Verdict::fail, Verdict::pass}).verdict, Verdict::not_run);
  CaseResult beyond;
  beyond.verdict = Verdict::limit_exceeded;
  EXPECT_EQ(excused(beyond, "something").verdict, Verdict::limit_exceeded);
}

TEST(Attempts, AFlakyCaseViolatesWhatAnyAttemptDoes) {
  CaseAttempt failed = attempt(first, Verdict::fail);
  failed.result.clauses = {"a", "exit.clean"};
  CaseAttempt crashed = attempt(alone, Verdict::crash);
  crashed.result.clauses = {"a", "isolation.survives"};
  EXPECT_THAT(aggregate_attempts({failed, crashed}).clauses,
              ElementsAre("a", "isolation.survives", "exit.clean"));
}

CaseAttempt signed_attempt(AttemptMode mode, Verdict verdict, const std::string& signature) {
  CaseAttempt made = attempt(mode, verdict);
  made.result.signature = signature;
  return made;
}

// Which attempt came first, and how many failed, differs from run to run.
TEST(Attempts, TheSignatureIsWhatTheyHaveInCommon) {
  using enum Verdict;
  const auto of = [](const Attempts& made) { return aggregate_attempts(made).signature; };
  EXPECT_EQ(of({signed_attempt(first, pass, "")}), "");
  EXPECT_EQ(of({signed_attempt(first, crash, "crash run SIGABRT"),
                signed_attempt(alone, crash, "crash run SIGABRT"),
                signed_attempt(fresh, crash, "crash run SIGABRT")}),
            "crash run SIGABRT");
  EXPECT_EQ(of({signed_attempt(first, leak, "leak memory"),
                signed_attempt(alone, leak, "leak memory create"),
                signed_attempt(fresh, leak, "leak memory create")}),
            "leak memory");
  EXPECT_EQ(of({signed_attempt(first, crash, "crash run SIGABRT"),
                signed_attempt(alone, crash, "crash run SIGABRT"),
                signed_attempt(fresh, crash, "crash run SIGSEGV")}),
            "crash run");
  EXPECT_EQ(
      of({signed_attempt(first, pass, ""), signed_attempt(first, crash, "crash run SIGABRT")}),
      "flaky crash run SIGABRT");
  EXPECT_EQ(
      of({signed_attempt(first, crash, "crash run SIGABRT"), signed_attempt(first, pass, "")}),
      "flaky crash run SIGABRT");
  EXPECT_EQ(of({signed_attempt(first, fail, "fail run"),
                signed_attempt(first, crash, "crash run SIGABRT"),
                signed_attempt(first, crash, "crash run SIGSEGV")}),
            "flaky crash run");
  EXPECT_EQ(of({signed_attempt(first, host_fault, "host-fault"), signed_attempt(alone, pass, "")}),
            "host-fault");
  Attempts blamed;
  for (int i = 0; i < 6; ++i) {
    blamed.push_back(signed_attempt(i == 0 ? first : alone, crash, "crash run SIGABRT"));
    blamed.push_back(signed_attempt(fresh, fail, "fail run"));
  }
  EXPECT_EQ(of(blamed), "fail run");
  EXPECT_EQ(excused(signed_attempt(first, fail, "fail run").result, "open files").signature,
            "not-run");
}

TEST(Attempts, EveryNonPassIsRetried) {
  for (const Verdict verdict : all_verdicts)
    EXPECT_EQ(needs_retry(verdict), verdict != Verdict::pass && verdict != Verdict::observed &&
                                        verdict != Verdict::unsupported)
        << to_string(verdict);
}

TEST(Attempts, ProgramsOfSeveralLanesAreExecutedThreeTimes) {
  Program one;
  one.lanes.resize(1);
  Program two;
  two.lanes.resize(2);
  EXPECT_EQ(first_attempts(one, 1), 1U);
  EXPECT_EQ(first_attempts(one, 5), 5U);
  EXPECT_EQ(first_attempts(two, 1), 3U);
  EXPECT_EQ(first_attempts(two, 5), 5U);
}

// A case that fails at random with probability `rate`, and whose first attempt failed.

double pass_by_formula(double rate) {
  return std::pow(rate, 5) * std::pow(1 - rate, 6);
}

// The probability of a pass, from these attempts on: all outcomes of the next one.
double pass_probability(Attempts made, double rate) {
  const auto mode = next_attempt(made, true);
  if (!mode)
    return aggregate_attempts(std::move(made)).verdict == Verdict::pass ? 1 : 0;
  Attempts other = made;
  made.push_back(attempt(*mode, Verdict::crash));
  other.push_back(attempt(*mode, Verdict::pass));
  return rate * pass_probability(std::move(made), rate) +
         (1 - rate) * pass_probability(std::move(other), rate);
}

bool simulate(std::mt19937& random, double rate, unsigned firsts) {
  std::bernoulli_distribution fails(rate);
  Attempts made{attempt(first, Verdict::crash)};
  const auto add = [&](AttemptMode mode) {
    made.push_back(attempt(mode, fails(random) ? Verdict::crash : Verdict::pass));
  };
  for (unsigned i = 1; i < firsts; ++i)
    add(first);
  while (const auto mode = next_attempt(made, true))
    add(*mode);
  return aggregate_attempts(std::move(made)).verdict == Verdict::pass;
}

TEST(Attempts, AFaultThatComesAndGoesSeldomPassesOnceItWasSeen) {
  constexpr int runs = 20'000;
  std::mt19937 random(554);
  for (int percent = 5; percent <= 95; percent += 5) {
    const double rate = percent / 100.0;
    EXPECT_NEAR(pass_probability({attempt(first, Verdict::crash)}, rate), pass_by_formula(rate),
                1e-12);
    for (const unsigned firsts : {1U, 3U}) {
      int passes = 0;
      for (int i = 0; i < runs; ++i)
        passes += simulate(random, rate, firsts) ? 1 : 0;
      EXPECT_LE(passes, runs / 100) << rate;
      EXPECT_NEAR(passes / double{runs}, pass_by_formula(rate), 0.001) << rate;
    }
  }
}

// reports/README.md has a row for each rate: "| 0.05 | 0.010 % |".
TEST(Attempts, TheDocumentedProbabilitiesAreRight) {
  std::ifstream file(PEP554_SOURCE_DIR "/reports/README.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (int percent = 5; percent <= 95; percent += 5)
    EXPECT_THAT(text, HasSubstr(fmt::format("| {:.2f} | {:.4f} % |", percent / 100.0,
                                            100 * pass_by_formula(percent / 100.0))));
}

} // namespace
} // namespace pep554
