#include "harness/run/example.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "cases/properties/reorder.h"
#include "harness/engine/attempts.h"
#include "harness/engine/judge.h"
#include "harness/run/difference.h"

namespace pep554 {
namespace {

using properties::Check;
using properties::Property;
using properties::Scenario;

// By which 40 KiB a time are clear; see cases/README.md.
constexpr unsigned repetitions = 40;

std::vector<Scenario> programs_of(Check check, const Scenario& scenario) {
  switch (check) {
  case Check::answers:
    return {scenario};
  case Check::leaves_nothing: {
    auto with_cleanup = properties::with_cleanup(scenario);
    return with_cleanup ? std::vector{std::move(*with_cleanup)} : std::vector<Scenario>{};
  }
  case Check::same_again:
    return {scenario, scenario};
  case Check::in_any_order: {
    auto other = properties::reordered(scenario);
    return other ? std::vector{scenario, std::move(*other)} : std::vector<Scenario>{};
  }
  }
  return {};
}

// Between two programs, each of which is right by itself; the first one's result.
std::optional<Failure> disagreement_of(const std::vector<Case>& cases,
                                       const std::vector<History>& histories,
                                       const CaseResult& result) {
  const auto found = difference(cases[0], histories[0], cases[1], histories[1]);
  if (!found)
    return std::nullopt;
  const bool again = cases[0].program == cases[1].program;
  Failure failure{fmt::format("{} {}", again ? "flaky" : "fail", found->operation), result};
  if (!again)
    failure.signature += " in another order";
  failure.result.verdict = again ? Verdict::flaky : Verdict::fail;
  failure.result.signature = failure.signature;
  failure.result.reason =
      fmt::format("{}: {}, and {} when {}", found->step, found->one, found->other,
                  again ? "the same program was executed again"
                        : "steps that do not depend on each other were in another order");
  return failure;
}

Judgement of(Failure failure) {
  Judgement made{std::nullopt, failure.result.verdict, failure.result.reason};
  made.failure = std::move(failure);
  return made;
}

} // namespace

bool Judgement::is_obtained() const {
  return failure || verdict == Verdict::pass || verdict == Verdict::observed;
}

Judgement judgement_of(const std::vector<Case>& cases, const std::vector<History>& histories,
                       const Baseline& baseline) {
  Judgement made;
  std::vector<CaseResult> results;
  for (size_t i = 0; i < cases.size(); ++i) {
    CaseResult result = excused(judge(cases[i], histories.at(i), baseline), histories[i].shortage);
    if (is_failure(result.verdict))
      return of(Failure{result.signature, result});
    if (i == 0 || worse(made.verdict, result.verdict) != made.verdict)
      made = {std::nullopt, result.verdict, result.reason};
    results.push_back(std::move(result));
  }
  if (cases.size() < 2 || !made.is_obtained())
    return made;
  auto differs = disagreement_of(cases, histories, results.front());
  if (!differs)
    return made;
  for (const History& history : histories)
    differs->result = excused(std::move(differs->result), history.shortage);
  if (is_failure(differs->result.verdict))
    return of(std::move(*differs));
  return {std::nullopt, differs->result.verdict, differs->result.reason};
}

std::optional<Failure> failure_of(const std::vector<Case>& cases,
                                  const std::vector<History>& histories, const Baseline& baseline) {
  return judgement_of(cases, histories, baseline).failure;
}
Example::Example(const Property& property, Check check, Scenario scenario,
                 const std::vector<std::string>& clauses)
    : scenario_(std::move(scenario)) {
  std::vector<std::string> judged = clauses;
  for (const std::string& clause : property.clauses)
    if (std::ranges::find(judged, clause) == judged.end())
      judged.push_back(clause);
  for (const Scenario& one : programs_of(check, scenario_)) {
    cases_.push_back(properties::case_of(one, judged));
    if (check == Check::leaves_nothing)
      cases_.back().program.repeat = repetitions;
  }
}

std::string shape_of(const Program& program) {
  std::map<std::string, size_t> numbers; // of names and gates, as they are met
  const auto number = [&numbers](const std::string& name) {
    return name.empty() ? std::string()
                        : fmt::format(" {}", numbers.emplace(name, numbers.size()).first->second);
  };
  std::string shape = program.finish == Finish::finalize ? "finalize\n" : "";
  shape += program.repeat > 1 ? "repeat\n" : "";
  for (const auto& lane : program.lanes) {
    shape += "lane\n";
    for (const Step& step : lane) {
      const bool gate = step.op == Op::open || step.op == Op::wait;
      shape += fmt::format("{}{}{} {}\n", info(step.op).name, number(step.on), number(step.as),
                           gate ? number(step.text) : step.text);
    }
  }
  return shape;
}

std::string shape_of(const std::vector<Case>& cases) {
  std::string shape;
  for (const Case& one : cases)
    shape += shape_of(one.program);
  return shape;
}

} // namespace pep554
