#include "harness/gate/diff.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "harness/gate/gate.h"

namespace pep554::gate {
namespace {

using Pair = std::pair<const CaseResult*, const CaseResult*>; // before, after

bool has_result(const CaseResult* one) {
  return one != nullptr && one->verdict != Verdict::not_run && one->verdict != Verdict::host_fault;
}

// The answers of the steps that are only observed.
std::vector<std::string> observations(const CaseResult& result) {
  std::vector<std::string> answers;
  for (const StepResult& step : result.steps)
    if (step.state == StepResult::State::observed)
      answers.push_back(step.got);
  return answers;
}

bool has_other_evidence(const CaseResult& before, const CaseResult& after) {
  if (is_good(before))
    return before.verdict == Verdict::observed && after.verdict == Verdict::observed &&
           observations(before) != observations(after);
  return before.verdict != after.verdict || signature_in(before) != signature_in(after);
}

std::optional<Kind> kind_of(const Pair& pair) {
  const auto& [before, after] = pair;
  if (!has_result(before))
    return has_result(after) ? std::optional(Kind::added) : std::nullopt;
  if (!has_result(after))
    return Kind::gone;
  if (is_good(*before) != is_good(*after))
    return is_good(*after) ? Kind::fixed : Kind::broken;
  return has_other_evidence(*before, *after) ? std::optional(Kind::other_evidence) : std::nullopt;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

double log_ratio(const Pair& pair) {
  return std::log(static_cast<double>(pair.second->microseconds) /
                  static_cast<double>(pair.first->microseconds));
}

// The noise between two runs: how their ratios scatter.
class Noise {
public:
  explicit Noise(const std::vector<Pair>& timed) {
    std::vector<double> logs(timed.size());
    std::ranges::transform(timed, logs.begin(), log_ratio);
    middle_ = median(logs);
    for (double& one : logs)
      one = std::abs(one - middle_);
    // Of a normal distribution the standard deviation is 1.4826 times the median absolute
    // deviation.
    deviation_ = 1.4826 * median(logs);
    for (const Pair& one : timed)
      gain_ = std::max(gain_, -loss(one));
  }

  bool explains(const Pair& pair) const {
    const double bound = std::max(static_cast<double>(slower_microseconds), slower_ratio * gain_);
    return log_ratio(pair) - middle_ < std::max(std::log(slower_ratio), 6 * deviation_) ||
           loss(pair) < bound;
  }

private:
  // Microseconds beyond what the median ratio makes of the earlier time.
  double loss(const Pair& pair) const {
    return static_cast<double>(pair.second->microseconds) -
           static_cast<double>(pair.first->microseconds) * std::exp(middle_);
  }

  double middle_ = 0;
  double deviation_ = 0;
  double gain_ = 0; // the most that a case seems to have become faster by: noise has no direction
};

bool is_timed(const Pair& pair) {
  const auto& [before, after] = pair;
  return has_result(before) && has_result(after) && is_good(*before) && is_good(*after) &&
         before->microseconds > 0 && after->microseconds > 0;
}

std::map<std::string, Pair> by_id(const RunResult& before, const RunResult& after) {
  std::map<std::string, Pair> pairs;
  for (const CaseResult& one : before.cases)
    pairs[one.id].first = &one;
  for (const CaseResult& one : after.cases)
    pairs[one.id].second = &one;
  return pairs;
}

} // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
  case Kind::broken:
    return "broken";
  case Kind::gone:
    return "gone";
  case Kind::other_evidence:
    return "other-evidence";
  case Kind::slower:
    return "slower";
  case Kind::added:
    return "new";
  case Kind::fixed:
    return "fixed";
  }
  return {};
}

std::vector<Change> diff(const RunResult& before, const RunResult& after) {
  std::vector<Change> changes;
  std::vector<Pair> timed;
  const auto add = [&changes](Kind kind, const Pair& pair) {
    const std::string& id = pair.first != nullptr ? pair.first->id : pair.second->id;
    changes.push_back({kind, id, pair.first, pair.second});
  };
  for (const auto& [id, pair] : by_id(before, after)) {
    if (const auto kind = kind_of(pair))
      add(*kind, pair);
    if (is_timed(pair))
      timed.push_back(pair);
  }
  if (timed.size() >= slower_least) {
    const Noise noise(timed);
    for (const Pair& pair : timed)
      if (!noise.explains(pair))
        add(Kind::slower, pair);
  }
  std::ranges::stable_sort(changes, {}, &Change::kind);
  return changes;
}

bool is_worse(const Change& change) {
  return change.kind != Kind::fixed && (change.kind != Kind::added || !is_good(*change.after));
}

} // namespace pep554::gate
