// Executes cases until it is known what to believe of each: all of them, as often as was asked for,
// then again what did not pass.
#pragma once

#include <functional>
#include <vector>

#include "harness/engine/expectation.h"
#include "harness/engine/leak.h"
#include "harness/engine/result.h"
#include "harness/engine/scheduler.h"
#include "harness/engine/tries.h"

namespace pep554 {

class Attempts {
public:
  // Called once for each case that is done with, never by two threads at a time.
  using Finished = std::function<void(CaseResult)>;

  // The scheduler has been started, and outlives this. `repeat`: executions of each case, at
  // least 1.
  Attempts(Scheduler& scheduler, std::vector<Case> cases, unsigned repeat, Finished finished);

  // Once. When the scheduler is stopped meanwhile, cases that are not done with are left out.
  void run();

private:
  void measure_baseline();
  void try_all();
  void try_again(size_t subject);
  bool again(size_t subject, Birth birth, Scheduler::Host host);
  void finish(size_t subject);

  Scheduler& scheduler_;
  const std::vector<Case> cases_;
  const unsigned repeat_;
  const Finished finished_;
  std::vector<std::vector<Attempt>> attempts_; // of each case that is not done with
  Baseline baseline_;
};

} // namespace pep554
