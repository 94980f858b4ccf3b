#include "harness/hunt/example.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "cases/properties/reorder.h"
#include "harness/engine/judge.h"
#include "harness/engine/signature.h"
#include "harness/engine/tries.h"
#include "harness/hunt/difference.h"

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
    auto closed = properties::closed(scenario);
    return closed ? std::vector{std::move(*closed)} : std::vector<Scenario>{};
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

} // namespace

std::optional<Failure> failure_of(const std::vector<Case>& cases,
                                  const std::vector<History>& histories, const Baseline& baseline) {
  std::vector<CaseResult> results;
  for (size_t i = 0; i < cases.size(); ++i) {
    results.push_back(judge(cases[i], histories.at(i), baseline));
    if (needs_another_try(results[i].verdict)) {
      std::string signature = signature_of(cases[i], histories[i], baseline, results[i]);
      return Failure{std::move(signature), std::move(results[i])};
    }
  }
  if (cases.size() < 2)
    return std::nullopt;
  const auto found = difference(cases[0], histories[0], cases[1], histories[1]);
  if (!found)
    return std::nullopt;
  const bool again = cases[0].program == cases[1].program;
  Failure failure{fmt::format("{} {}", again ? "flaky" : "fail", found->operation),
                  std::move(results[0])};
  if (!again)
    failure.signature += " in another order";
  failure.result.verdict = again ? Verdict::flaky : Verdict::fail;
  failure.result.reason =
      fmt::format("{}: {}, and {} when {}", found->step, found->one, found->other,
                  again ? "the same program was executed again"
                        : "steps that do not depend on each other were in another order");
  return failure;
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

} // namespace pep554
