// A failing example on its way to the few actions that matter.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/engine/scheduler.h"
#include "harness/hunt/example.h"

namespace pep554 {

struct Counterexample {
  std::string signature; // see signature_of
  const properties::Property* property = nullptr;
  properties::Check check = properties::Check::answers; // that it fails; the property's, or less
  std::uint64_t example = 0;                            // its number
  std::uint64_t examples = 0;                           // how many had this signature
  std::chrono::milliseconds deadline{0};                // with which smaller ones show it
  properties::Scenario scenario;

  // Of the smallest, an execution that showed it: of those that confirm it, if one does.
  std::vector<Case> cases; // one, or two that are compared
  std::vector<History> histories;
  std::chrono::milliseconds limit{0}; // the deadline that it had
  Baseline baseline;                  // with which they were judged
  CaseResult result;
  std::string shape; // see shape_of
  std::string known; // where the same is written already; else empty

  size_t seen = 1;        // executions that showed it, in the search and to make it small
  size_t tried = 0;       // programs, to make it small
  bool exhausted = false; // there was no time to make it as small as can be
  unsigned shown = 0;     // of `tries` executions of the smallest, those that showed it
  unsigned tries = 0;
};

// Programs that were executed with this deadline, and what came of it.
struct Execution : Judgement {
  std::vector<History> histories;
  std::chrono::milliseconds limit{0};
};
// Judges with the deadline that they had.
Execution judged(const std::vector<Case>& cases, std::vector<History> histories,
                 std::chrono::milliseconds limit, const Baseline& baseline);
// What is told of the counterexample, from an execution of these cases that showed it.
void keep(Counterexample& one, const std::vector<Case>& cases, Execution execution);

bool is_late(const std::vector<History>& histories);
// Whether one that was late had done nothing for most of its time. What was at work may only be
// slow.
bool is_stuck(const std::vector<History>& histories);
// What has hung after a time hangs sooner when it is smaller: a deadline for that, at most `most`.
// What was at work to its end has the same time again.
std::chrono::milliseconds enough_for(const std::vector<History>& histories,
                                     std::chrono::milliseconds most);

// Executes each case with this deadline. Nothing when it was stopped, or there is none.
std::optional<Execution> execute(Scheduler& scheduler, const std::vector<Case>& cases,
                                 std::chrono::milliseconds deadline, const Baseline& baseline);

// Makes a counterexample small, nothing executed beside it, and executes the smallest a few times
// more. What does not show each time is given several tries for each smaller candidate; what does
// must show twice. A leak for which another step is to blame each time is nobody's.
class Minimizer {
public:
  using Clock = std::chrono::steady_clock;

  // `until`: no candidate is executed after that. `deadline`: of a program that is to be believed.
  Minimizer(Scheduler& scheduler, const std::vector<std::string>& clauses, const Baseline& baseline,
            std::chrono::milliseconds deadline, Clock::time_point until)
      : scheduler_(scheduler), clauses_(clauses), baseline_(baseline), deadline_(deadline),
        until_(until) {}

  void shrink(Counterexample& one);
  void confirm(Counterexample& one);

private:
  Example example(const Counterexample& one, const properties::Scenario& scenario) const {
    return {*one.property, one.check, scenario, clauses_};
  }
  void as_one_program(Counterexample& one);
  bool shows_alone(Counterexample& plain, const properties::Scenario& scenario, bool otherwise);
  std::optional<Execution> shows(Counterexample& one, const Example& example,
                                 const std::string& wanted);
  std::optional<Execution> shows(Counterexample& one, const Example& example, unsigned tries);
  unsigned tries_for(Counterexample& one);

  Scheduler& scheduler_;
  const std::vector<std::string>& clauses_;
  const Baseline& baseline_;
  const std::chrono::milliseconds deadline_;
  const Clock::time_point until_;
};

} // namespace pep554
