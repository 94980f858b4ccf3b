#include "harness/run/results.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "harness/engine/assess.h"
#include "harness/engine/judge.h"
#include "harness/repro/violated_clauses.h"
#include "harness/run/settings.h"
#include "harness/run/shell.h"

namespace pep554 {
namespace {

using std::chrono::milliseconds;

bool is_worse(const CaseResult& left, const CaseResult& right) {
  return worse(left.verdict, right.verdict) != left.verdict;
}

std::vector<nlohmann::json> programs_of(const std::vector<Case>& cases) {
  std::vector<nlohmann::json> programs;
  programs.reserve(cases.size());
  for (const Case& one : cases)
    programs.push_back(to_json(one.program));
  return programs;
}

// No result was obtained.
void set_missing(CaseResult& result, Verdict verdict, std::string reason) {
  result.verdict = verdict;
  result.signature = to_string(verdict);
  result.reason = std::move(reason);
}

constexpr const char* other_program = "its program is another one than when it was executed";

} // namespace

std::vector<Case> with_deadline(std::vector<Case> cases, std::int64_t deadline_ms) {
  for (Case& one : cases)
    if (deadline_ms > 0)
      one.program.limits.deadline = milliseconds(deadline_ms);
  return cases;
}

std::vector<Case> as_executed(std::vector<Case> cases, const Execution& execution) {
  const nlohmann::json& first = execution.programs.front();
  cases = with_deadline(std::move(cases), first.value("deadline_ms", std::int64_t{0}));
  return programs_of(cases) == execution.programs ? cases : std::vector<Case>{};
}

CaseAttempt attempt_of(const Case& subject, const Execution& execution) {
  const std::vector<Case> executed = as_executed({subject}, execution);
  if (executed.empty()) {
    CaseAttempt attempt{execution.mode, judge(subject, {})};
    set_missing(attempt.result, Verdict::not_run, other_program);
    return attempt;
  }
  const History& history = execution.histories.front();
  return {execution.mode, judge(executed.front(), history, execution.baseline), history.shortage};
}

std::string item_of(const properties::Property& property) {
  return "property." + property.name;
}

void PropertyEvidence::add(const Execution& execution) {
  const Example example(*property_, execution.check, execution.scenario, clauses_);
  const std::vector<Case> cases = as_executed(example.cases(), execution);
  Judgement judgement{std::nullopt, Verdict::not_run, other_program};
  if (!cases.empty())
    judgement = judgement_of(cases, execution.histories, execution.baseline);
  CaseResult result;
  if (judgement.failure) {
    result = std::move(judgement.failure->result);
    result.clauses = violated(cases, execution, result);
  } else if (judgement.is_obtained())
    result.verdict = judgement.verdict;
  else
    set_missing(result, judgement.verdict, judgement.reason);
  if (execution.kind == Execution::Kind::smallest)
    return add_smallest(execution, {execution.mode, std::move(result)});
  ++counts_.examples;
  for (const History& history : execution.histories)
    microseconds_ += history.microseconds;
  counts_.judged += judgement.is_obtained() ? 1U : 0U;
  if (judgement.failure) {
    ++counts_.failed;
    failures_.emplace(execution.example, std::move(result));
  } else if (!judgement.is_obtained() && worse(missing_, judgement.verdict) != missing_) {
    missing_ = judgement.verdict;
    why_missing_ = judgement.reason;
  }
}

std::vector<std::string> PropertyEvidence::violated(const std::vector<Case>& cases,
                                                    const Execution& execution,
                                                    const CaseResult& failure) const {
  std::vector<std::string> ids;
  if (cases.size() == 1)
    for (const Clause* clause : repro::violated_clauses(
             {cases.front(), *set_, &failure, &execution.histories.front(), property_->clauses}))
      ids.push_back(clause->id);
  return ids.empty() ? property_->clauses : ids;
}

void PropertyEvidence::add_smallest(const Execution& execution, CaseAttempt attempt) {
  const auto found = std::ranges::find_if(
      smallest_, [&](const Shrunk& one) { return one.first.scenario == execution.scenario; });
  if (found != smallest_.end()) {
    found->attempts.push_back(std::move(attempt));
    return;
  }
  smallest_.push_back({execution, {std::move(attempt)}});
  smallest_.back().first.histories.clear();
}

std::vector<CaseAttempt> PropertyEvidence::attempts(const properties::Scenario& scenario) const {
  for (const Shrunk& one : smallest_)
    if (one.first.scenario == scenario)
      return one.attempts;
  return {};
}

// One that was shrunk is easier to read than one that was not, and was tried more often.
CaseResult PropertyEvidence::failure() const {
  std::optional<CaseResult> worst;
  const auto add = [&](CaseResult result, std::uint64_t example, const Execution* smallest) {
    if (worst && !is_worse(*worst, result))
      return;
    worst = std::move(result);
    worst->property = counts_;
    worst->property->example = example;
    worst->property->finding = smallest != nullptr ? smallest->finding : "";
    worst->property->alone = smallest != nullptr ? smallest->alone : "";
  };
  for (const Shrunk& one : smallest_)
    if (CaseResult result = aggregate_attempts(one.attempts); is_failure(result.verdict))
      add(std::move(result), one.first.example, &one.first);
  if (!worst)
    for (const auto& [example, result] : failures_)
      add(result, example, nullptr);
  return *worst;
}

CaseResult PropertyEvidence::result(std::uint64_t seed, const std::string& unsupported) const {
  CaseResult result;
  if (counts_.failed > 0)
    result = failure();
  else if (counts_.judged > 0 && (missing_ == Verdict::pass || missing_ == Verdict::unsupported))
    result.verdict = Verdict::pass;
  else if (!unsupported.empty())
    set_missing(result, Verdict::unsupported, unsupported);
  else if (missing_ == Verdict::pass)
    set_missing(result, Verdict::not_run, "no example was executed");
  else
    set_missing(result, missing_, why_missing_);
  result.id = item_of(*property_);
  result.title = property_->sentence;
  result.where = property_->where;
  if (counts_.failed == 0)
    result.clauses = property_->clauses;
  result.microseconds = microseconds_;
  if (!result.property)
    result.property = counts_;
  result.property->seed = seed;
  return result;
}

std::string replay_command(const StoreHeader& header, const std::string& item) {
  std::string command = "pep554 run";
  if (header.target.name != "reference")
    command += " --target " + quoted(header.absolute_target);
  if (!header.cases.empty())
    command +=
        " --cases " +
        quoted(
            (std::filesystem::path(header.directory) / header.cases).lexically_normal().string());
  if (header.timeout_ms > 0)
    command += fmt::format(" --timeout {}", static_cast<double>(header.timeout_ms) / 1000);
  if (header.repeat > 1)
    command += fmt::format(" --repeat {}", header.repeat);
  if (header.network)
    command += " --network";
  const RunSettings usual;
  const bool generated = item.starts_with("property.");
  if (generated && header.seed != usual.seed)
    command += fmt::format(" --seed {}", header.seed);
  if (generated && header.examples != usual.examples)
    command += fmt::format(" --examples {}", header.examples);
  return alone(command, item);
}

RunEvidence::RunEvidence(const Suite& suite, bool has_properties) {
  for (const Case& one : suite.cases)
    cases_.emplace(one.id, Subject{&one, {}});
  if (has_properties)
    for (const properties::Property& one : suite.properties)
      properties_.emplace(item_of(one), PropertyEvidence(one, suite.clauses));
}

void RunEvidence::add(const Execution& execution) {
  if (const auto found = cases_.find(execution.item); found != cases_.end())
    found->second.attempts.push_back(attempt_of(*found->second.subject, execution));
  else if (const auto property = properties_.find(execution.item); property != properties_.end())
    property->second.add(execution);
}

const std::vector<CaseAttempt>& RunEvidence::attempts(const std::string& id) const {
  return cases_.at(id).attempts;
}

CaseResult RunEvidence::case_result(const StoreHeader& header, const std::string& id) const {
  const auto& [subject, attempts] = cases_.at(id);
  CaseResult result = attempts.empty() ? judge(*subject, {}) : aggregate_attempts(attempts);
  if (!header.target.unsupported_reason.empty())
    set_missing(result, Verdict::unsupported, header.target.unsupported_reason);
  else if (attempts.empty())
    set_missing(result, Verdict::not_run, std::string(interrupted_reason));
  result.replay = replay_command(header, id);
  return result;
}

CaseResult RunEvidence::property_result(const StoreHeader& header, const std::string& id) const {
  CaseResult result = properties_.at(id).result(header.seed, header.target.unsupported_reason);
  result.replay = replay_command(header, id);
  return result;
}

std::vector<CaseAttempt>
RunEvidence::property_attempts(const std::string& id, const properties::Scenario& scenario) const {
  return properties_.at(id).attempts(scenario);
}

RunResult RunEvidence::result(const StoreHeader& header, bool complete) const {
  const bool asked = header.target.unsupported_reason.empty();
  RunResult run;
  for (const auto& [id, subject] : cases_) {
    run.cases.push_back(case_result(header, id));
    run.unreached += asked && subject.attempts.empty() ? 1U : 0U;
  }
  for (const auto& [id, property] : properties_) {
    run.cases.push_back(property_result(header, id));
    if (CaseResult& result = run.cases.back(); asked && !complete) {
      ++run.unreached;
      if (!is_failure(result.verdict))
        set_missing(result, Verdict::not_run, std::string(interrupted_reason));
    }
  }
  run.version = header.version;
  run.commit = header.commit;
  run.text_sha256 = header.text_sha256;
  run.target = header.target;
  run.filter = header.filter;
  run.shard = header.shard;
  run.cases_sha256 = header.cases_sha256;
  run.isolation = header.isolation;
  run.started = header.started;
  run.jobs = header.jobs;
  return run;
}

RunResult results_of(const Store& store, const Suite& suite) {
  RunEvidence evidence(suite, store.header.examples > 0);
  for (const Execution& execution : store.executions)
    evidence.add(execution);
  RunResult run = evidence.result(store.header, store.complete);
  run.milliseconds = store.at_ms;
  assess(run, suite.clauses);
  return run;
}

} // namespace pep554
