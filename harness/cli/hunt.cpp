#include "harness/cli/hunt.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "cases/properties/shrink.h"
#include "harness/engine/judge.h"
#include "harness/engine/signature.h"

namespace pep554 {
namespace {

using Clock = std::chrono::steady_clock;
using properties::Scenario;

constexpr unsigned confirmations = 5;

bool passed(Verdict verdict) {
  return verdict == Verdict::pass || verdict == Verdict::observed ||
         verdict == Verdict::unsupported;
}

} // namespace

Hunt::Hunt(Scheduler& scheduler, HuntOptions options, Listener listener)
    : scheduler_(scheduler), options_(std::move(options)), listener_(std::move(listener)) {}

std::vector<Counterexample> Hunt::run() {
  scheduler_.run(
      options_.examples,
      [this](size_t example) {
        return case_of(generate(properties::everything(), options_.seed, example)).program;
      },
      [this](size_t example, const History& history) { take(example, history); });
  std::vector<Counterexample> all;
  for (auto& [signature, finding] : findings_)
    all.push_back(std::move(finding));
  std::ranges::sort(all, {}, &Counterexample::example);
  for (size_t i = 0; i < std::min(all.size(), options_.most_findings); ++i) {
    shrink(all[i]);
    confirm(all[i]);
    listener_.shrunk(all[i]);
  }
  return all;
}

Case Hunt::case_of(const Scenario& scenario) const {
  return properties::case_of(scenario, options_.clauses);
}

// The signature of what is wrong; empty when nothing is.
std::string Hunt::judged(const Case& subject, const History& history) const {
  const CaseResult result = judge(subject, history);
  return passed(result.verdict) ? "" : signature_of(subject, history, result);
}

void Hunt::take(std::uint64_t example, const History& history) {
  listener_.example(++done_);
  Scenario scenario = generate(properties::everything(), options_.seed, example);
  const Case subject = case_of(scenario);
  unsupported_ += judge(subject, history).verdict == Verdict::unsupported ? 1U : 0U;
  const std::string signature = judged(subject, history);
  if (signature.empty())
    return;
  Counterexample& finding = findings_[signature];
  ++finding.examples;
  if (finding.examples > 1 && example > finding.example)
    return;
  if (finding.examples == 1)
    listener_.found(signature, example);
  finding.signature = signature;
  finding.example = example;
  finding.scenario = std::move(scenario);
}

void Hunt::shrink(Counterexample& finding) {
  const auto until = Clock::now() + options_.shrinking;
  const auto find = [&](const std::vector<Scenario>& candidates) {
    for (size_t i = 0; i < candidates.size(); ++i) {
      finding.exhausted = Clock::now() >= until;
      if (finding.exhausted)
        return candidates.size();
      if (shows(finding, candidates[i]))
        return i;
    }
    return candidates.size();
  };
  finding.scenario = properties::shrink(std::move(finding.scenario), find);
}

bool Hunt::shows(Counterexample& finding, const Scenario& scenario) {
  const Case subject = case_of(scenario);
  ++finding.tried;
  const auto history = scheduler_.run_alone(subject.program, Birth::forked);
  return history && judged(subject, *history) == finding.signature;
}

void Hunt::confirm(Counterexample& finding) {
  finding.smallest = case_of(finding.scenario);
  for (; finding.tries < confirmations; ++finding.tries) {
    auto history = scheduler_.run_alone(finding.smallest.program, Birth::forked);
    if (!history)
      return;
    const bool same = judged(finding.smallest, *history) == finding.signature;
    finding.shown += same ? 1U : 0U;
    if (same || finding.result.steps.empty()) {
      finding.result = judge(finding.smallest, *history);
      finding.history = std::move(*history);
    }
  }
}

} // namespace pep554
