#include "harness/cli/attempts.h"

#include <algorithm>
#include <utility>

#include "harness/engine/judge.h"

namespace pep554 {
namespace {

bool doubtful(const Attempt& attempt) {
  return needs_another_try(attempt.result.verdict);
}

} // namespace

Attempts::Attempts(Scheduler& scheduler, std::vector<Case> cases, unsigned repeat,
                   Finished finished)
    : scheduler_(scheduler), cases_(std::move(cases)), repeat_(repeat),
      finished_(std::move(finished)), attempts_(cases_.size()) {}

void Attempts::run() {
  measure_baseline();
  try_all();
  for (size_t subject = 0; subject < cases_.size(); ++subject)
    if (!attempts_[subject].empty())
      try_again(subject);
}

void Attempts::measure_baseline() {
  const auto repeats = [](const Case& one) { return one.program.repeat > 1; };
  if (std::ranges::any_of(cases_, repeats))
    baseline_ =
        baseline_from(scheduler_.run_alone(baseline_program(), Birth::forked).value_or(History{}));
}

// What passes each time is done with.
void Attempts::try_all() {
  std::vector<const Program*> programs;
  for (const Case& one : cases_)
    programs.insert(programs.end(), repeat_, &one.program);
  scheduler_.run(programs, [this](size_t index, const History& history) {
    const size_t subject = index / repeat_;
    std::vector<Attempt>& attempts = attempts_[subject];
    attempts.push_back({"first", judge(cases_[subject], history, baseline_)});
    if (attempts.size() == repeat_ && std::ranges::none_of(attempts, doubtful))
      finish(subject);
  });
}

// Twice, nothing beside it; the last time in a fresh process where the host can, else by another
// host.
void Attempts::try_again(size_t subject) {
  if (attempts_[subject].size() < repeat_ || !again(subject, Birth::forked, Scheduler::Host::same))
    return;
  const bool done = scheduler_.hello().fresh
                        ? again(subject, Birth::fresh, Scheduler::Host::same)
                        : again(subject, Birth::forked, Scheduler::Host::another);
  if (done)
    finish(subject);
}

// False when it was stopped.
bool Attempts::again(size_t subject, Birth birth, Scheduler::Host host) {
  const auto history = scheduler_.run_alone(cases_[subject].program, birth, host);
  if (history)
    attempts_[subject].push_back(
        {birth == Birth::fresh ? "fresh" : "alone", judge(cases_[subject], *history, baseline_)});
  return history.has_value();
}

void Attempts::finish(size_t subject) {
  finished_(believe(std::exchange(attempts_[subject], {})));
}

} // namespace pep554
