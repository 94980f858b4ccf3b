// Executes all cases, as often as requested, and retries those that did not pass.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "harness/engine/attempts.h"
#include "harness/engine/expectation.h"
#include "harness/engine/scheduler.h"
#include "harness/run/results.h"

namespace pep554 {

// What judges executions; none of these is called by two threads at a time.
struct CaseListener {
  std::function<void(const Execution&)> executed;                       // add it to the evidence
  std::function<const std::vector<CaseAttempt>&(const Case&)> attempts; // of the evidence
  std::function<void(const Case&)> finished; // once for each that was not settled before
};

class CaseRunner {
public:
  // The scheduler has been started, and outlives this, as the cases do. `repeat`: see
  // first_attempts. Cases whose evidence is complete are not executed.
  CaseRunner(Scheduler& scheduler, const std::vector<Case>& cases, unsigned repeat,
             const Baseline& baseline, CaseListener listener)
      : scheduler_(scheduler), cases_(cases), repeat_(repeat), baseline_(baseline),
        listener_(std::move(listener)), finished_(cases.size()) {}

  // Once. When the scheduler is stopped meanwhile, unfinished cases are left out.
  void run();

  // As run(), with one program at a time, on a host that stays. Once, instead of run().
  void run_alone();

private:
  void run_all();
  void retry(size_t subject);
  bool execute(size_t subject, AttemptMode mode);
  size_t missing(size_t subject) const;
  std::optional<AttemptMode> next_attempt(size_t subject) const;
  bool is_settled(size_t subject) const;
  void executed(size_t subject, AttemptMode mode, History history);
  void finish_if_settled(size_t subject);

  Scheduler& scheduler_;
  const std::vector<Case>& cases_;
  const unsigned repeat_;
  const Baseline& baseline_;
  const CaseListener listener_;
  std::vector<bool> finished_;
};

// Executes the program, and whatever is compared with it, in this mode, with no other program
// beside. Nothing when it was stopped. Retries are made by another host where the host cannot start
// a new runtime.
std::optional<std::vector<History>> execute_alone(Scheduler& scheduler,
                                                  const std::vector<Case>& cases, AttemptMode mode);

// What the harness itself makes a repetition of an empty program hold, measured on this target.
Baseline measured_baseline(Scheduler& scheduler);

} // namespace pep554
