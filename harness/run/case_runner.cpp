#include "harness/run/case_runner.h"

#include <algorithm>
#include <utility>

namespace pep554 {

Baseline measured_baseline(Scheduler& scheduler) {
  return baseline_from(
      scheduler.run_alone(baseline_program(), StartMode::fork).value_or(History{}));
}

std::optional<std::vector<History>>
execute_alone(Scheduler& scheduler, const std::vector<Case>& cases, AttemptMode mode) {
  const bool another = mode != AttemptMode::first && !scheduler.hello().fresh;
  std::vector<History> histories;
  for (const Case& one : cases) {
    auto history = scheduler.run_alone(
        one.program, mode == AttemptMode::fresh ? StartMode::spawn : StartMode::fork,
        another ? Scheduler::Host::another : Scheduler::Host::same);
    if (!history)
      return std::nullopt;
    histories.push_back(stored(std::move(*history)));
  }
  return histories;
}

void CaseRunner::run() {
  for (size_t subject = 0; subject < cases_.size(); ++subject)
    finished_[subject] = is_settled(subject); // in an earlier run
  run_all();
  for (size_t subject = 0; subject < cases_.size(); ++subject)
    retry(subject);
}

void CaseRunner::run_alone() {
  for (size_t subject = 0; subject < cases_.size(); ++subject) {
    while (missing(subject) > 0)
      if (!execute(subject, AttemptMode::first))
        return;
    retry(subject);
  }
}

// Cases whose first attempts settle the result are finished.
void CaseRunner::run_all() {
  std::vector<const Program*> programs;
  std::vector<size_t> subjects; // of the programs
  for (size_t subject = 0; subject < cases_.size(); ++subject) {
    programs.insert(programs.end(), missing(subject), &cases_[subject].program);
    subjects.resize(programs.size(), subject);
  }
  scheduler_.run(programs, [this, &subjects](size_t index, History history) {
    executed(subjects[index], AttemptMode::first, stored(std::move(history)));
    finish_if_settled(subjects[index]);
  });
}

// How many of the first attempts there are to be made.
size_t CaseRunner::missing(size_t subject) const {
  const size_t wanted = first_attempts(cases_[subject].program, repeat_);
  const size_t made = listener_.attempts(cases_[subject]).size();
  return wanted - std::min(made, wanted);
}

std::optional<AttemptMode> CaseRunner::next_attempt(size_t subject) const {
  return pep554::next_attempt(listener_.attempts(cases_[subject]), scheduler_.hello().fresh);
}

bool CaseRunner::is_settled(size_t subject) const {
  return pep554::is_settled(listener_.attempts(cases_[subject]), cases_[subject].program, repeat_,
                            scheduler_.hello().fresh);
}

void CaseRunner::executed(size_t subject, AttemptMode mode, History history) {
  Execution execution;
  execution.item = cases_[subject].id;
  execution.mode = mode;
  execution.programs = {to_json(cases_[subject].program)};
  execution.histories = {std::move(history)};
  execution.baseline = baseline_;
  listener_.executed(execution);
}

void CaseRunner::finish_if_settled(size_t subject) {
  if (finished_[subject] || !is_settled(subject))
    return;
  finished_[subject] = true;
  listener_.finished(cases_[subject]);
}

// Until the result is settled, nothing beside it.
void CaseRunner::retry(size_t subject) {
  if (finished_[subject] || missing(subject) > 0) // these were stopped
    return;
  while (const auto mode = next_attempt(subject))
    if (!execute(subject, *mode))
      return;
  finish_if_settled(subject);
}

// Alone. False when it was stopped.
bool CaseRunner::execute(size_t subject, AttemptMode mode) {
  auto histories = execute_alone(scheduler_, {cases_[subject]}, mode);
  if (histories)
    executed(subject, mode, std::move(histories->front()));
  return histories.has_value();
}

} // namespace pep554
