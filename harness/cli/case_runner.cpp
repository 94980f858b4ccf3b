#include "harness/cli/case_runner.h"

#include <algorithm>
#include <utility>

#include "harness/engine/judge.h"

namespace pep554 {
namespace {

// Nothing beside it. False when it was stopped. Where the host cannot start a new runtime, another
// host does.
bool attempt(Scheduler& scheduler, const Case& one, AttemptMode mode, const Baseline& baseline,
             std::vector<CaseAttempt>& attempts) {
  const bool another = mode != AttemptMode::first && !scheduler.hello().fresh;
  const auto history = scheduler.run_alone(
      one.program, mode == AttemptMode::fresh ? StartMode::spawn : StartMode::fork,
      another ? Scheduler::Host::another : Scheduler::Host::same);
  if (history)
    attempts.push_back({mode, judge(one, *history, baseline), history->shortage});
  return history.has_value();
}

// Until the result is settled. False when it was stopped.
bool settle(Scheduler& scheduler, const Case& one, const Baseline& baseline,
            std::vector<CaseAttempt>& attempts) {
  while (const auto mode = next_attempt(attempts, scheduler.hello().fresh))
    if (!attempt(scheduler, one, *mode, baseline, attempts))
      return false;
  return true;
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

// Cases whose first attempts settle the result are finished.
void CaseRunner::run_all() {
  std::vector<const Program*> programs;
  std::vector<size_t> subjects; // of the programs
  for (size_t subject = 0; subject < cases_.size(); ++subject) {
    programs.insert(programs.end(), first_attempts(subject), &cases_[subject].program);
    subjects.resize(programs.size(), subject);
  }
  scheduler_.run(programs, [this, &subjects](size_t index, const History& history) {
    const size_t subject = subjects[index];
    std::vector<CaseAttempt>& attempts = attempts_[subject];
    attempts.push_back(
        {AttemptMode::first, judge(cases_[subject], history, baseline_), history.shortage});
    if (attempts.size() == first_attempts(subject) && !next_attempt(subject))
      finish(subject);
  });
}

unsigned CaseRunner::first_attempts(size_t subject) const {
  return pep554::first_attempts(cases_[subject].program, repeat_);
}

std::optional<AttemptMode> CaseRunner::next_attempt(size_t subject) const {
  return pep554::next_attempt(attempts_[subject], scheduler_.hello().fresh);
}

void CaseRunner::retry(size_t subject) {
  if (attempts_[subject].size() >= first_attempts(subject) &&
      settle(scheduler_, cases_[subject], baseline_, attempts_[subject]))
    finish(subject);
}

void CaseRunner::finish(size_t subject) {
  finished_(aggregate_attempts(std::exchange(attempts_[subject], {})));
}

std::optional<CaseResult> run_case(Scheduler& scheduler, const Case& one, unsigned repeat,
                                   const Baseline& baseline) {
  std::vector<CaseAttempt> attempts;
  while (attempts.size() < first_attempts(one.program, repeat))
    if (!attempt(scheduler, one, AttemptMode::first, baseline, attempts))
      return std::nullopt;
  if (!settle(scheduler, one, baseline, attempts))
    return std::nullopt;
  return aggregate_attempts(std::move(attempts));
}

} // namespace pep554
