#include "harness/hunt/counterexample.h"

#include <algorithm>
#include <utility>

#include "cases/properties/scenario.h"
#include "cases/properties/shrink.h"

namespace pep554 {
namespace {

using properties::Scenario;
using std::chrono::milliseconds;

constexpr unsigned confirmations = 5;
constexpr unsigned most_tries = 10; // of one candidate

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

} // namespace

bool is_late(const History& history) {
  return history.ending.how == Ending::How::deadline;
}

milliseconds enough_for(const std::vector<History>& histories, milliseconds most) {
  for (const History& history : histories) {
    const auto idle = history.ending.idle_microseconds;
    if (!is_late(history) || !idle)
      continue;
    const auto worked = std::chrono::microseconds(history.microseconds - *idle);
    const auto enough = std::chrono::ceil<milliseconds>(2 * worked) + milliseconds(100);
    return std::clamp(enough, milliseconds(1), std::max(milliseconds(1), most));
  }
  return most;
}

std::optional<std::vector<History>> execute(Scheduler& scheduler, const std::vector<Case>& cases,
                                            std::chrono::milliseconds deadline) {
  std::vector<History> histories;
  for (const Case& one : cases) {
    Program program = one.program;
    program.limits.deadline = deadline;
    auto history = scheduler.run_alone(program, Birth::forked);
    if (!history)
      return std::nullopt;
    histories.push_back(std::move(*history));
  }
  return histories.empty() ? std::nullopt : std::optional(std::move(histories));
}

// 1 for what always shows it; else so many that a candidate which shows it as often is missed once
// in twenty times.
unsigned Minimizer::tries_for(Counterexample& one) {
  const Example all = example(one, one.scenario);
  unsigned shown = 0;
  unsigned tries = 0;
  while (tries < confirmations && (tries < 2 || shown < tries)) {
    ++tries;
    shown += shows(one, all) ? 1U : 0U;
  }
  return shown == tries ? 1 : shown == 0 ? 0 : std::min(most_tries, 3 * tries / shown);
}

// Whether it shows the failure, or, `otherwise`, another one, which is then the one to be made
// small.
bool Minimizer::shows_alone(Counterexample& plain, const Scenario& scenario, bool otherwise) {
  const Example all = example(plain, scenario);
  const auto histories = execute(scheduler_, all.cases(), plain.deadline);
  const auto failure =
      histories ? failure_of(all.cases(), *histories, baseline_) : std::optional<Failure>();
  ++plain.tried;
  if (!failure || (!otherwise && failure->signature != plain.signature))
    return false;
  plain.signature = failure->signature;
  plain.scenario = scenario;
  return shows(plain, all);
}

// What a program shows that is executed once need not be repeated or compared; nor what a second
// time shows that is written down.
void Minimizer::as_one_program(Counterexample& one) {
  using properties::Check;
  if (one.check == Check::answers)
    return;
  const auto closed = properties::closed(one.scenario);
  Counterexample plain = one;
  plain.check = Check::answers;
  const bool alone = shows_alone(plain, one.scenario, false) ||
                     (closed && shows_alone(plain, *closed, false)) ||
                     (closed && one.check == Check::leaves_nothing &&
                      !one.signature.starts_with(to_string(Verdict::leak)) &&
                      shows_alone(plain, twice(*closed), true));
  const size_t tried = plain.tried;
  if (alone)
    one = std::move(plain);
  one.tried = tried;
}

void Minimizer::shrink(Counterexample& one) {
  as_one_program(one);
  const unsigned tries = tries_for(one);
  const auto find = [&](const std::vector<Scenario>& candidates) {
    for (size_t i = 0; i < candidates.size(); ++i) {
      one.exhausted = Clock::now() >= until_;
      if (one.exhausted)
        return candidates.size();
      if (shows(one, candidates[i], tries))
        return i;
    }
    return candidates.size();
  };
  if (tries > 0) // what is never seen again is left as it is
    one.scenario = properties::shrink(std::move(one.scenario), find);
}

bool Minimizer::shows(Counterexample& one, const Example& example) {
  const auto histories = execute(scheduler_, example.cases(), one.deadline);
  if (!histories)
    return false;
  ++one.tried;
  const auto failure = failure_of(example.cases(), *histories, baseline_);
  if (!failure || failure->signature != one.signature)
    return false;
  one.deadline = enough_for(*histories, one.deadline);
  return true;
}

bool Minimizer::shows(Counterexample& one, const Scenario& scenario, unsigned tries) {
  const Example all = example(one, scenario);
  if (tries == 1) // one that shows it by chance would lead away from what always does
    return shows(one, all) && shows(one, all);
  for (unsigned i = 0; i < tries; ++i)
    if (shows(one, all))
      return true;
  return false;
}

// The first time with the whole deadline: a hang is believed when it has lasted so long.
void Minimizer::confirm(Counterexample& one) {
  const Example all = example(one, one.scenario);
  one.cases = all.cases();
  for (Case& part : one.cases)
    part.program.limits.deadline = deadline_;
  one.shape.clear();
  for (const Case& part : one.cases)
    one.shape += shape_of(part.program);
  for (one.tries = 0, one.shown = 0; one.tries < confirmations; ++one.tries) {
    auto histories = execute(scheduler_, all.cases(), one.tries == 0 ? deadline_ : one.deadline);
    if (!histories)
      return;
    const auto failure = failure_of(all.cases(), *histories, baseline_);
    const bool same = failure && failure->signature == one.signature;
    one.shown += same ? 1U : 0U;
    if (!same || one.shown > 1)
      continue;
    one.result = failure->result;
    one.histories = std::move(*histories);
    one.baseline = baseline_;
  }
}

} // namespace pep554
