#include "harness/engine/assess.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace pep554 {
namespace {

// The verdict on one clause from one case.
Verdict clause_verdict(Verdict of_case, ClauseKind kind) {
  return kind == ClauseKind::open && of_case == Verdict::pass ? Verdict::observed : of_case;
}

ClauseResult judge_clause(const Clause& clause, const std::vector<CaseResult>& cases) {
  ClauseResult result;
  result.id = clause.id;
  result.kind = clause.kind;
  result.quote = clause.quote;
  result.summary = clause.summary;
  result.reasoning = clause.reasoning;
  result.follows_from = clause.follows_from;
  for (const CaseResult& one : cases) {
    if (std::ranges::find(one.clauses, clause.id) == one.clauses.end())
      continue;
    const Verdict verdict = clause_verdict(one.verdict, clause.kind);
    result.verdict = result.cases.empty() ? verdict : worse(result.verdict, verdict);
    result.cases.push_back(one.id);
  }
  return result;
}

// "; not sound: 2 leaks, e.g. leaks.create: 1.9 MiB of memory leaked ...; 1 flaky result, ...".
std::string unsoundness(const RunResult& run) {
  std::string text;
  for (const auto& [verdict, one, several] : {std::tuple{Verdict::leak, "leak", "leaks"},
                                              {Verdict::flaky, "flaky result", "flaky results"}}) {
    const auto count = std::ranges::count(run.cases, verdict, &CaseResult::verdict);
    const auto first = std::ranges::find(run.cases, verdict, &CaseResult::verdict);
    if (count > 0)
      text += fmt::format("{}{} {} ({}{}: {})", text.empty() ? " Not sound: " : "; ", count,
                          count == 1 ? one : several, count == 1 ? "" : "e.g. ", first->id,
                          first->reason);
  }
  return text.empty() ? "" : text + ".";
}

std::string claim(const RunResult& run, size_t gating, size_t passed) {
  const std::string_view target = run.target.name;
  if (run.cases.empty())
    return fmt::format("No claim: nothing was run against {}.", target);
  if (!run.target.unsupported_reason.empty())
    return fmt::format("No claim: {} has nothing to judge: {}.", target,
                       run.target.unsupported_reason);
  if (run.unreached > 0)
    return fmt::format("No claim: only {} of {} cases were run against {}.",
                       run.cases.size() - run.unreached, run.cases.size(), target);
  const std::string matching = run.filter.empty() ? "" : " that match " + run.filter;
  if (!run.shard.empty())
    return fmt::format("No claim about conformance: only shard {} of the cases{} was run against "
                       "{}.",
                       run.shard, matching, target);
  if (!run.filter.empty())
    return fmt::format("No claim about conformance: only the cases{} were run against {}.",
                       matching, target);
  if (run.conformant)
    return fmt::format("{} is conformant to the first draft of PEP 554: all {} stated and implied "
                       "clauses were judged, and passed.{}",
                       target, gating, unsoundness(run));
  const bool failed = std::ranges::any_of(run.clauses, [](const ClauseResult& clause) {
    return clause.kind != ClauseKind::open && is_failure(clause.verdict);
  });
  return fmt::format("{} {} to the first draft of PEP 554: {} of {} stated and implied clauses "
                     "passed.{}",
                     target, failed ? "is not conformant" : "has not been shown to be conformant",
                     passed, gating, unsoundness(run));
}

} // namespace

void assess(RunResult& run, const ClauseSet& set) {
  std::ranges::sort(run.cases, {}, &CaseResult::id);
  run.clauses.clear();
  size_t gating = 0;
  size_t passed = 0;
  for (const Clause& clause : set.clauses) {
    run.clauses.push_back(judge_clause(clause, run.cases));
    if (clause.kind == ClauseKind::open)
      continue;
    ++gating;
    passed += run.clauses.back().verdict == Verdict::pass ? 1U : 0U;
  }
  const bool whole = run.filter.empty() && run.shard.empty() && run.unreached == 0;
  run.conformant = whole && gating > 0 && passed == gating;
  run.sound = std::ranges::none_of(run.cases,
                                   [](const CaseResult& one) { return is_unsound(one.verdict); });
  run.claim = claim(run, gating, passed);
}

} // namespace pep554
