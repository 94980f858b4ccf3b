#include "harness/run/property_search.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/engine/signature.h"
#include "harness/run/results.h"

namespace pep554 {
namespace {

using properties::Property;
using std::chrono::milliseconds;

// Examples to shrink per signature: it may have several defects as causes.
constexpr size_t most_candidates = 3;
// Numbers without an example, before a property is given up that has hardly any.
constexpr std::uint64_t most_skipped = 1000;

// By which two small ones are the same: a leak's culprit is not always clear, and two properties
// generate the same steps in another order, under other names.
std::string identity(const std::string& signature, const std::vector<Case>& cases) {
  std::vector<std::string> steps;
  for (const Case& one : cases)
    for (const auto& lane : one.program.lanes)
      for (const Step& step : lane) {
        const bool gate = step.op == Op::open || step.op == Op::wait;
        steps.push_back(fmt::format("{} {}", info(step.op).name, gate ? "" : step.text));
      }
  std::ranges::sort(steps);
  return fmt::format("{}\n{}", without_culprit(signature), fmt::join(steps, "\n"));
}

} // namespace

PropertySearch::PropertySearch(Scheduler& scheduler, const std::vector<Property>& properties,
                               const std::vector<KnownCase>& known,
                               std::vector<std::string> clauses, const Baseline& baseline,
                               PropertySearchOptions options, Listener listener)
    : scheduler_(scheduler), properties_(properties), known_(known), clauses_(std::move(clauses)),
      options_(std::move(options)), listener_(std::move(listener)), baseline_(baseline),
      numbers_(options_.from) {}

PropertySearch::Outcome PropertySearch::run() {
  const auto now = std::chrono::steady_clock::now();
  until_ = options_.searching.count() > 0 ? now + options_.searching
                                          : std::chrono::steady_clock::time_point::max();
  scheduler_.run([this](size_t index) { return next(index); },
                 [this](size_t index, const History& history) {
                   std::unique_lock lock(making_);
                   const WorkItem item = items_.at(index);
                   lock.unlock();
                   take(item, history);
                 });
  outcome_.kinds = kinds_.size();
  outcome_.next = under_way_.empty() ? numbers_ : *under_way_.begin();
  std::vector<std::pair<std::uint64_t, std::string>> order;
  for (const auto& [signature, kind] : kinds_)
    order.emplace_back(kind.candidates.front().example, signature);
  std::ranges::sort(order);
  for (size_t i = 0; i < order.size(); ++i)
    if (i < options_.most_kinds)
      shrink(order[i].second, kinds_.at(order[i].second));
    else
      outcome_.not_shrunk.push_back(order[i].second);
  return std::move(outcome_);
}

Example PropertySearch::example(std::uint64_t number) const {
  const Property& property = property_of(properties_, number);
  return {property, generate(property.profile, options_.seed, number), clauses_};
}

Program PropertySearch::quick(const Case& one) const {
  Program program = one.program;
  program.limits.deadline = quick();
  return program;
}

std::vector<Case> PropertySearch::cases_of(const WorkItem& item) const {
  return item.known ? known_.at(item.number).cases : example(item.number).cases();
}

std::optional<Program> PropertySearch::next(size_t index) {
  const std::lock_guard lock(making_);
  items_.resize(std::max(items_.size(), index + 1));
  WorkItem& item = items_[index];
  if (!more_.empty()) {
    item = more_.back();
    more_.pop_back();
    const Case one = cases_of(item).at(item.program);
    return item.known ? one.program : quick(one);
  }
  if (known_begun_ < known_.size()) {
    item = {known_begun_++, true, 0};
    const std::vector<Case>& cases = known_[item.number].cases;
    for (size_t program = 1; program < cases.size(); ++program)
      more_.push_back({item.number, true, program});
    return cases.front().program;
  }
  const bool over = enough_ || std::chrono::steady_clock::now() >= until_;
  while (!over && begun_ < options_.examples && numbers_ < options_.until &&
         (numbers_ - options_.from < most_skipped + 8 * begun_ || options_.only)) {
    const std::uint64_t number = numbers_++;
    if (former_.contains(number) || !is_selected(property_of(properties_, number)))
      continue;
    const Example one = example(number);
    if (one.cases().empty()) // it does not test its property
      continue;
    ++begun_;
    under_way_.insert(number);
    for (size_t program = 1; program < one.cases().size(); ++program)
      more_.push_back({number, false, program});
    item = {number, false, 0};
    return quick(one.cases().front());
  }
  return std::nullopt;
}

void PropertySearch::take(const WorkItem& item, const History& history) {
  const Owner owner{item.known, item.number};
  auto& parts = partial_[owner];
  parts.emplace(item.program, history);
  if (parts.size() < cases_of(item).size())
    return;
  std::vector<History> histories;
  for (auto& [program, part] : parts)
    histories.push_back(std::move(part));
  partial_.erase(owner);
  if (item.known)
    take_known(known_.at(item.number), histories);
  else
    take_example(item.number, std::move(histories));
}

void PropertySearch::take_known(const KnownCase& known, const std::vector<History>& histories) {
  const Judgement judgement = judgement_of(known.cases, histories, baseline_);
  outcome_.known_not_judged += judgement.is_obtained() ? 0U : 1U;
  if (judgement.failure) {
    ++outcome_.known_failures;
    known_shapes_.emplace(identity(judgement.failure->signature, known.cases), known.label);
  }
  listener_.known(known, judgement.failure);
}

void PropertySearch::take_example(std::uint64_t number, std::vector<History> histories) {
  const Example one = example(number);
  for (History& history : histories)
    history = stored(std::move(history));
  std::optional<JudgedHistories> execution =
      judged(one.cases(), std::move(histories), quick(), baseline_);
  if (execution->failure && is_late(execution->histories) &&
      !kinds_.contains(execution->failure->signature))
    execution = retry_with_full_deadline(one, std::move(*execution));
  if (!execution) // it was stopped
    return;
  is_judged(number);
  const Property& property = property_of(properties_, number);
  listener_.executed(generated(property, property.check, one.scenario(), number, one.cases(),
                               *execution, baseline_));
  judge_example(number, one, std::move(*execution));
}

void PropertySearch::judge_example(std::uint64_t number, const Example& one,
                                   JudgedHistories execution) {
  listener_.example(++outcome_.examples);
  Tally& tally = outcome_.tallies[property_of(properties_, number).name];
  ++tally.examples;
  if (!execution.is_obtained())
    count_missing(execution, tally);
  if (!execution.failure)
    return;
  ++tally.failures;
  note(std::move(execution), number, one);
}

void PropertySearch::add_former(const Execution& execution) {
  const Example one = example(execution.example);
  const std::vector<Case> cases = as_executed(one.cases(), execution);
  if (execution.kind != Execution::Kind::example || cases.empty() ||
      !former_.insert(execution.example).second)
    return;
  judge_example(execution.example, one,
                judged(cases, execution.histories, cases.front().program.limits.deadline,
                       execution.baseline));
}

bool PropertySearch::is_selected(const Property& property) const {
  return !options_.only || std::ranges::find(*options_.only, property.name) != options_.only->end();
}

void PropertySearch::is_judged(std::uint64_t number) {
  const std::lock_guard lock(making_);
  under_way_.erase(number);
}

// A result that was not obtained is neither a pass nor a failure.
void PropertySearch::count_missing(const JudgedHistories& execution, Tally& tally) {
  ++tally.not_judged;
  if (execution.verdict == Verdict::unsupported) {
    ++outcome_.unsupported;
    return;
  }
  ++outcome_.unobtained;
  outcome_.why_unobtained = fmt::format("{}: {}", to_string(execution.verdict), execution.reason);
}

// A program that exceeds the short deadline may only be slow and is run again; unless the second
// execution shows that, the first one counts as hanging.
std::optional<JudgedHistories> PropertySearch::retry_with_full_deadline(const Example& one,
                                                                        JudgedHistories timed_out) {
  auto again = execute(scheduler_, one.cases(), options_.deadline, baseline_);
  if (again && (again->failure || was_slow(timed_out, *again)))
    return again;
  return again || is_stuck(timed_out.histories) ? std::optional(std::move(timed_out))
                                                : std::nullopt;
}

void PropertySearch::note(JudgedHistories execution, std::uint64_t number, const Example& one) {
  const std::string signature = execution.failure->signature;
  Kind& kind = kinds_[signature];
  const Property& property = property_of(properties_, number);
  kind.properties.insert(&property);
  if (++kind.count == 1)
    listener_.found(signature, number, property);
  Counterexample candidate;
  candidate.signature = signature;
  candidate.property = &property;
  candidate.check = property.check;
  candidate.example = number;
  candidate.deadline = shrink_deadline(execution.histories, quick());
  candidate.scenario = one.scenario();
  candidate.baseline = baseline_;
  keep(candidate, one.cases(), std::move(execution));
  // The first ones by their numbers, whichever was executed first.
  const auto at = std::ranges::upper_bound(kind.candidates, number, {}, &Counterexample::example);
  kind.candidates.insert(at, std::move(candidate));
  if (kind.candidates.size() > most_candidates)
    kind.candidates.pop_back();
  const std::lock_guard lock(making_);
  enough_ = options_.first;
}

// Candidates that are the same when they are small are one counterexample.
void PropertySearch::shrink(const std::string& signature, Kind& kind) {
  listener_.shrinking(signature);
  const auto until = std::chrono::steady_clock::now() + options_.shrinking;
  Minimizer minimizer(scheduler_, clauses_, baseline_, options_.deadline, until);
  bool reported = false;
  const Counterexample* unseen = nullptr; // again, however often it was executed
  for (Counterexample& one : kind.candidates) {
    if ((reported || unseen != nullptr) && std::chrono::steady_clock::now() >= until)
      break;
    one.examples = kind.count;
    minimizer.shrink(one);
    minimizer.confirm(one);
    if (one.reproduced == 0)
      unseen = unseen == nullptr ? &one : unseen;
    else if (!one.exhausted || !reported) { // else the same, perhaps, but for what is left over
      report(one, kind);
      reported = true;
    }
  }
  if (!reported && unseen != nullptr)
    report(*unseen, kind);
}

// Once, though two kinds of failure have become the same.
void PropertySearch::report(Counterexample one, const Kind& kind) {
  const std::string same = identity(one.signature, one.cases);
  if (!reported_.insert(same).second)
    return;
  if (const auto known = known_shapes_.find(same); known != known_shapes_.end())
    one.known = known->second;
  one.properties = {kind.properties.begin(), kind.properties.end()}; // in the order of their file
  one.further = !reported_kinds_.insert(without_culprit(one.signature)).second;
  listener_.shrunk(one);
  outcome_.counterexamples.push_back(std::move(one));
}

} // namespace pep554
