// A failing example, and its minimization to the few actions that matter.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/engine/scheduler.h"
#include "harness/run/example.h"
#include "harness/run/store.h"

namespace pep554 {

struct Counterexample {
  std::string signature; // see signature_of
  const properties::Property* property = nullptr;
  properties::Check check = properties::Check::answers; // that it fails; the property's, or less
  std::uint64_t example = 0;                            // its number
  std::uint64_t examples = 0;                           // how many had this signature
  std::chrono::milliseconds deadline{0};                // that reproduces it
  properties::Scenario scenario;

  // An execution of the smallest that reproduced it: a confirming one, if there is one.
  std::vector<Case> cases; // one, or two that are compared
  std::vector<History> histories;
  std::chrono::milliseconds limit{0}; // the deadline that it had
  Baseline baseline;                  // with which they were judged
  CaseResult result;
  std::string shape;                                   // see shape_of
  std::vector<const properties::Property*> properties; // that showed this kind of failure
  bool further = false; // another program of a kind that was reported already
  std::string known;    // where the same failure is stored; else empty

  size_t seen = 1;         // executions that reproduced it, in the search and while shrinking
  size_t tried = 0;        // programs run to shrink it
  bool exhausted = false;  // the time to shrink it was over
  unsigned reproduced = 0; // of `executions` of the smallest, those that showed it
  unsigned executions = 0;
};

// Programs that were executed with this deadline, and their judgement.
struct JudgedHistories : Judgement {
  std::vector<History> histories;
  std::chrono::milliseconds limit{0};
};
// Judges with that deadline.
JudgedHistories judged(const std::vector<Case>& cases, std::vector<History> histories,
                       std::chrono::milliseconds limit, const Baseline& baseline);
// The record of that: what the store keeps of an example, or of what one was shrunk to.
Execution generated(const properties::Property& property, properties::Check check,
                    const properties::Scenario& scenario, std::uint64_t number,
                    const std::vector<Case>& cases, const JudgedHistories& judged,
                    const Baseline& baseline);
// Stores an execution of these cases that reproduced the counterexample.
void keep(Counterexample& one, const std::vector<Case>& cases, JudgedHistories execution);

bool is_late(const std::vector<History>& histories);
// Whether one that timed out was idle for most of its time. A busy one may only be slow.
bool is_stuck(const std::vector<History>& histories);
// Whether a program that timed out was only slow, given a second execution with more time that
// ended: it was busy all the time, and the second one took at least half as long. Otherwise it
// hangs now and then.
bool was_slow(const JudgedHistories& timed_out, const JudgedHistories& again);
// A shorter deadline for the smaller programs of an idle hang, at most `most`. A busy one keeps its
// deadline.
std::chrono::milliseconds shrink_deadline(const std::vector<History>& histories,
                                          std::chrono::milliseconds most);

// Executes each case with this deadline. Nothing when it was stopped, or there is none.
std::optional<JudgedHistories> execute(Scheduler& scheduler, const std::vector<Case>& cases,
                                       std::chrono::milliseconds deadline,
                                       const Baseline& baseline);

// Shrinks a counterexample, with no other program running, and executes the smallest a few more
// times. An intermittent failure gets several executions per candidate; a reliable one must
// reproduce twice. A leak whose step changes has no step.
class Minimizer {
public:
  using Clock = std::chrono::steady_clock;

  // `until`: no candidate is executed after that. `deadline`: of a confirming execution.
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
  std::optional<JudgedHistories> shows(Counterexample& one, const Example& example,
                                       const std::string& wanted);
  std::optional<JudgedHistories> shows(Counterexample& one, const Example& example,
                                       unsigned executions);
  unsigned executions_for(Counterexample& one);

  Scheduler& scheduler_;
  const std::vector<std::string>& clauses_;
  const Baseline& baseline_;
  const std::chrono::milliseconds deadline_;
  const Clock::time_point until_;
};

} // namespace pep554
