#include "harness/run/counterexample.h"

#include <algorithm>
#include <set>
#include <utility>

#include "cases/properties/scenario.h"
#include "cases/properties/shrink.h"
#include "harness/engine/signature.h"
#include "harness/run/results.h"

namespace pep554 {
namespace {

using properties::Scenario;
using std::chrono::milliseconds;

constexpr unsigned confirmations = 5;
constexpr unsigned most_executions = 10; // of one candidate

// Its actions, and again under other names.
Scenario twice(const Scenario& scenario) {
  Scenario made = scenario;
  const auto renamed = [](std::string& name) {
    if (!name.empty() && name != "main")
      name += "2";
  };
  for (properties::Action action : scenario.actions) {
    renamed(action.on);
    renamed(action.as);
    made.actions.push_back(std::move(action));
  }
  return made;
}

bool was_late(const History& history) {
  return history.termination.kind == Termination::Kind::deadline;
}

} // namespace

bool is_late(const std::vector<History>& histories) {
  return std::ranges::any_of(histories, was_late);
}

bool is_stuck(const std::vector<History>& histories) {
  return std::ranges::any_of(histories, [](const History& history) {
    return was_late(history) &&
           history.termination.idle_microseconds.value_or(0) * 2 >= history.microseconds;
  });
}

bool was_slow(const JudgedHistories& timed_out, const JudgedHistories& again) {
  const auto half = std::chrono::microseconds(timed_out.limit).count() / 2;
  for (size_t i = 0; i < timed_out.histories.size(); ++i)
    if (was_late(timed_out.histories[i]) && again.histories.at(i).microseconds < half)
      return false;
  return !is_stuck(timed_out.histories);
}

JudgedHistories judged(const std::vector<Case>& cases, std::vector<History> histories,
                       milliseconds limit, const Baseline& baseline) {
  std::vector<Case> limited = cases;
  for (Case& one : limited)
    one.program.limits.deadline = limit;
  Judgement judgement = judgement_of(limited, histories, baseline);
  return {std::move(judgement), std::move(histories), limit};
}

Execution generated(const properties::Property& property, properties::Check check,
                    const Scenario& scenario, std::uint64_t number, const std::vector<Case>& cases,
                    const JudgedHistories& judged, const Baseline& baseline) {
  Execution execution;
  execution.item = item_of(property);
  execution.kind = Execution::Kind::example;
  execution.example = number;
  execution.check = check;
  execution.scenario = scenario;
  for (const Case& one : with_deadline(cases, judged.limit.count()))
    execution.programs.push_back(to_json(one.program));
  execution.histories = judged.histories;
  execution.baseline = baseline;
  return execution;
}

void keep(Counterexample& one, const std::vector<Case>& cases, JudgedHistories execution) {
  one.cases = cases;
  one.shape = shape_of(cases);
  one.histories = std::move(execution.histories);
  one.limit = execution.limit;
  one.result = std::move(execution.failure->result);
}

milliseconds shrink_deadline(const std::vector<History>& histories, milliseconds most) {
  for (const History& history : histories) {
    const auto idle = history.termination.idle_microseconds;
    if (!was_late(history) || !idle)
      continue;
    const auto worked = std::chrono::microseconds(history.microseconds - *idle);
    const auto enough = std::chrono::ceil<milliseconds>(2 * worked) + milliseconds(100);
    return std::clamp(enough, milliseconds(1), std::max(milliseconds(1), most));
  }
  return most;
}

std::optional<JudgedHistories> execute(Scheduler& scheduler, const std::vector<Case>& cases,
                                       milliseconds deadline, const Baseline& baseline) {
  std::vector<History> histories;
  for (const Case& one : cases) {
    Program program = one.program;
    program.limits.deadline = deadline;
    auto history = scheduler.run_alone(program, StartMode::fork);
    if (!history)
      return std::nullopt;
    histories.push_back(std::move(*history));
  }
  if (histories.empty())
    return std::nullopt;
  return judged(cases, std::move(histories), deadline, baseline);
}

// 1 for what always shows it; else so many that a candidate which shows it as often is missed once
// in twenty times.
unsigned Minimizer::executions_for(Counterexample& one) {
  const Example all = example(one, one.scenario);
  const std::string without_step = without_culprit(one.signature);
  unsigned reproduced = 0;
  unsigned executions = 0;
  while (executions < confirmations && (executions < 2 || reproduced < executions)) {
    ++executions;
    auto execution = shows(one, all, without_step);
    if (!execution)
      continue;
    ++reproduced;
    if (!is_of_kind(execution->failure->signature, one.signature))
      one.signature = without_step;
    keep(one, all.cases(), std::move(*execution));
  }
  return reproduced == executions ? 1
         : reproduced == 0        ? 0
                                  : std::min(most_executions, 3 * executions / reproduced);
}

// Whether it shows the failure, or, `otherwise`, another one, which is then the one to be made
// small.
bool Minimizer::shows_alone(Counterexample& plain, const Scenario& scenario, bool otherwise) {
  const Example all = example(plain, scenario);
  const auto first = execute(scheduler_, all.cases(), plain.deadline, baseline_);
  ++plain.tried;
  if (!first || !first->failure || (!otherwise && first->failure->signature != plain.signature))
    return false;
  plain.signature = first->failure->signature;
  plain.scenario = scenario;
  auto second = shows(plain, all, plain.signature);
  if (!second)
    return false;
  keep(plain, all.cases(), std::move(*second));
  return true;
}

// If one execution of one program shows the failure, the example needs neither repetition nor
// comparison; if a written second repetition shows it, the program does not need `repeat`.
void Minimizer::as_one_program(Counterexample& one) {
  using properties::Check;
  if (one.check == Check::answers)
    return;
  const auto with_cleanup = properties::with_cleanup(one.scenario);
  Counterexample plain = one;
  plain.check = Check::answers;
  const bool alone =
      shows_alone(plain, one.scenario, false) ||
      (with_cleanup && shows_alone(plain, *with_cleanup, false)) ||
      (with_cleanup && one.check == Check::leaves_nothing && one.result.verdict != Verdict::leak &&
       shows_alone(plain, twice(*with_cleanup), true));
  const size_t tried = plain.tried;
  if (alone)
    one = std::move(plain);
  one.tried = tried;
}

void Minimizer::shrink(Counterexample& one) {
  as_one_program(one);
  const unsigned executions = executions_for(one);
  const auto find = [&](const std::vector<Scenario>& candidates) {
    for (size_t i = 0; i < candidates.size(); ++i) {
      one.exhausted = Clock::now() >= until_;
      if (one.exhausted)
        return candidates.size();
      const Example smaller = example(one, candidates[i]);
      auto execution = shows(one, smaller, executions);
      if (!execution)
        continue;
      keep(one, smaller.cases(), std::move(*execution));
      return i;
    }
    return candidates.size();
  };
  if (executions > 0) // what is never seen again is left as it is
    one.scenario = properties::shrink(std::move(one.scenario), find);
}

std::optional<JudgedHistories> Minimizer::shows(Counterexample& one, const Example& example,
                                                const std::string& wanted) {
  auto execution = execute(scheduler_, example.cases(), one.deadline, baseline_);
  if (!execution)
    return std::nullopt;
  ++one.tried;
  if (!execution->failure || !is_of_kind(execution->failure->signature, wanted))
    return std::nullopt;
  ++one.seen;
  one.deadline = shrink_deadline(execution->histories, one.deadline);
  return execution;
}

std::optional<JudgedHistories> Minimizer::shows(Counterexample& one, const Example& example,
                                                unsigned executions) {
  if (executions == 1) // one that shows it by chance would lead away from what always does
    return shows(one, example, one.signature) ? shows(one, example, one.signature) : std::nullopt;
  for (unsigned i = 0; i < executions; ++i)
    if (auto execution = shows(one, example, one.signature))
      return execution;
  return std::nullopt;
}

// The first time with the full deadline: a hang counts when it has lasted so long, or was
// stuck; what was at work at a shorter one may only be slow.
void Minimizer::confirm(Counterexample& one) {
  const Example all = example(one, one.scenario);
  const std::string without_step = without_culprit(one.signature);
  std::set<std::string> named;
  bool lasts = false;
  for (one.executions = 0, one.reproduced = 0; one.executions < confirmations; ++one.executions) {
    const bool whole = one.executions == 0;
    auto execution = execute(scheduler_, all.cases(), whole ? deadline_ : one.deadline, baseline_);
    if (!execution)
      break;
    if (!execution->failure || !is_of_kind(execution->failure->signature, without_step))
      continue;
    lasts = lasts || whole;
    if (!lasts && is_late(execution->histories) && !is_stuck(execution->histories))
      continue;
    named.insert(execution->failure->signature);
    if (++one.reproduced == 1)
      keep(one, all.cases(), std::move(*execution));
  }
  if (!named.empty())
    one.signature = named.size() == 1 ? *named.begin() : without_step;
}

} // namespace pep554
