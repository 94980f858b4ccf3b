#include "harness/cli/case_runner.h"

#include <algorithm>
#include <utility>

#include "harness/engine/judge.h"

namespace pep554 {
namespace {

bool is_retried(const CaseAttempt& attempt) {
  return needs_retry(attempt.result.verdict);
}

} // namespace

CaseRunner::CaseRunner(Scheduler& scheduler, std::vector<Case> cases, unsigned repeat,
                       Finished finished)
    : scheduler_(scheduler), cases_(std::move(cases)), repeat_(repeat),
      finished_(std::move(finished)), attempts_(cases_.size()) {}

void CaseRunner::run() {
  measure_baseline();
  run_all();
  for (size_t subject = 0; subject < cases_.size(); ++subject)
    if (!attempts_[subject].empty())
      retry(subject);
}

void CaseRunner::measure_baseline() {
  const auto repeats = [](const Case& one) { return one.program.repeat > 1; };
  if (std::ranges::any_of(cases_, repeats))
    baseline_ = baseline_from(
        scheduler_.run_alone(baseline_program(), StartMode::fork).value_or(History{}));
}

// Runs every case `repeat_` times. Cases that pass each time are finished.
void CaseRunner::run_all() {
  std::vector<const Program*> programs;
  for (const Case& one : cases_)
    programs.insert(programs.end(), repeat_, &one.program);
  scheduler_.run(programs, [this](size_t index, const History& history) {
    const size_t subject = index / repeat_;
    std::vector<CaseAttempt>& attempts = attempts_[subject];
    attempts.push_back({"first", judge(cases_[subject], history, baseline_)});
    if (attempts.size() == repeat_ && std::ranges::none_of(attempts, is_retried))
      finish(subject);
  });
}

// Twice, nothing beside it; the last time in a fresh process where the host can, else by another
// host.
void CaseRunner::retry(size_t subject) {
  if (attempts_[subject].size() < repeat_ ||
      !again(subject, StartMode::fork, Scheduler::Host::same))
    return;
  const bool done = scheduler_.hello().fresh
                        ? again(subject, StartMode::spawn, Scheduler::Host::same)
                        : again(subject, StartMode::fork, Scheduler::Host::another);
  if (done)
    finish(subject);
}

// False when it was stopped.
bool CaseRunner::again(size_t subject, StartMode start_mode, Scheduler::Host host) {
  const auto history = scheduler_.run_alone(cases_[subject].program, start_mode, host);
  if (history)
    attempts_[subject].push_back({start_mode == StartMode::spawn ? "fresh" : "alone",
                                  judge(cases_[subject], *history, baseline_)});
  return history.has_value();
}

void CaseRunner::finish(size_t subject) {
  finished_(aggregate_attempts(std::exchange(attempts_[subject], {})));
}

} // namespace pep554
