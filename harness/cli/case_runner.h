// Executes all cases, as often as requested, and retries those that did not pass.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "harness/engine/attempts.h"
#include "harness/engine/expectation.h"
#include "harness/engine/leak.h"
#include "harness/engine/result.h"
#include "harness/engine/scheduler.h"

namespace pep554 {

class CaseRunner {
public:
  // Called once for each finished case, never by two threads at a time.
  using Finished = std::function<void(CaseResult)>;

  // The scheduler has been started, and outlives this. `repeat`: see first_attempts.
  CaseRunner(Scheduler& scheduler, std::vector<Case> cases, unsigned repeat, Finished finished);

  // Once. When the scheduler is stopped meanwhile, unfinished cases are left out.
  void run();

private:
  void measure_baseline();
  void run_all();
  void retry(size_t subject);
  unsigned first_attempts(size_t subject) const;
  std::optional<AttemptMode> next_attempt(size_t subject) const;
  void finish(size_t subject);

  Scheduler& scheduler_;
  const std::vector<Case> cases_;
  const unsigned repeat_;
  const Finished finished_;
  std::vector<std::vector<CaseAttempt>> attempts_; // of each unfinished case
  Baseline baseline_;
};

// Executes one case alone, as often as requested, and retries it in the same way. Nothing when the
// scheduler was stopped. The scheduler has been started.
std::optional<CaseResult> run_case(Scheduler& scheduler, const Case& one, unsigned repeat,
                                   const Baseline& baseline);

} // namespace pep554
