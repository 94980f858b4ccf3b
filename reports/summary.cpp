#include "reports/summary.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace pep554 {

std::map<ClauseKind, Counts> clause_counts(const RunResult& run) {
  std::map<ClauseKind, Counts> counts;
  for (const auto kind : clause_kinds)
    counts.emplace(kind, Counts{});
  for (const auto& clause : run.clauses)
    ++counts[clause.kind][clause.verdict];
  return counts;
}

size_t total(const Counts& counts) {
  return std::accumulate(counts.begin(), counts.end(), size_t{0},
                         [](size_t sum, const auto& entry) { return sum + entry.second; });
}

bool is_missing(Verdict verdict) {
  return verdict == Verdict::host_fault || verdict == Verdict::unsupported ||
         verdict == Verdict::blocked || verdict == Verdict::not_run;
}

Claim claim_of(const RunResult& run) {
  if (run.conformant)
    return run.sound ? Claim::conformant : Claim::not_sound;
  if (!run.target.unsupported_reason.empty())
    return Claim::unsupported;
  if (!run.filter.empty() || !run.shard.empty() || run.unreached > 0)
    return Claim::partial;
  const auto broken = [](const ClauseResult& clause) {
    return clause.kind != ClauseKind::open && is_failure(clause.verdict);
  };
  return std::ranges::any_of(run.clauses, broken) ? Claim::not_conformant : Claim::partial;
}

std::string_view to_string(Claim claim) {
  switch (claim) {
  case Claim::conformant:
    return "Conformant";
  case Claim::not_sound:
    return "Conformant, not sound";
  case Claim::not_conformant:
    return "Not conformant";
  case Claim::unsupported:
    return "Unsupported";
  case Claim::partial:
    break;
  }
  return "Partial";
}

namespace {

// Whether the run has a clause of this id and kind.
bool is_of(ClauseKind kind, const std::string& clause, const RunResult& run) {
  const auto found = std::ranges::find(run.clauses, clause, &ClauseResult::id);
  return found != run.clauses.end() && found->kind == kind;
}

} // namespace

Weight weight_of(const CaseResult& result, const RunResult& run) {
  if (is_missing(result.verdict))
    return Weight::missing;
  if (!is_failure(result.verdict))
    return Weight::none;
  const auto cites = [&](ClauseKind kind) {
    return std::ranges::any_of(result.clauses,
                               [&](const std::string& clause) { return is_of(kind, clause, run); });
  };
  if (cites(ClauseKind::stated))
    return Weight::stated;
  if (cites(ClauseKind::implied))
    return Weight::implied;
  return is_unsound(result.verdict) ? Weight::soundness : Weight::open;
}

std::vector<const CaseResult*> not_passed(const RunResult& run) {
  std::vector<const CaseResult*> all;
  std::map<const CaseResult*, Weight> weights;
  for (const CaseResult& one : run.cases)
    if (const Weight weight = weight_of(one, run); weight != Weight::none) {
      weights.emplace(&one, weight);
      all.push_back(&one);
    }
  std::ranges::stable_sort(all, {}, [&](const CaseResult* one) { return weights.at(one); });
  return all;
}

std::vector<std::vector<const CaseResult*>> problems_of(const RunResult& run) {
  constexpr size_t many = 4;
  const std::vector<const CaseResult*> all = not_passed(run);
  std::map<std::pair<Verdict, std::string_view>, std::vector<const CaseResult*>> alike;
  for (const CaseResult* one : all)
    alike[{one->verdict, one->reason}].push_back(one);
  std::vector<std::vector<const CaseResult*>> problems;
  for (const CaseResult* one : all) {
    const auto& group = alike.at({one->verdict, one->reason});
    if (group.size() < many)
      problems.push_back({one});
    else if (group.front() == one)
      problems.push_back(group);
  }
  return problems;
}

std::string main_clause(const CaseResult& result, const RunResult& run) {
  for (const std::string& clause : result.clauses)
    if (is_of(ClauseKind::stated, clause, run) || is_of(ClauseKind::implied, clause, run))
      return clause;
  return result.clauses.empty() ? "" : result.clauses.front();
}

std::string self_description(const RunResult& run) {
  std::map<std::string_view, std::string_view> facts;
  for (const auto& [name, value] : run.target.facts)
    facts[name] = value;
  std::string words(facts["implementation"]);
  for (const auto& [before, name] :
       {std::pair{" ", "version"}, std::pair{", ", "via"}, std::pair{", adapter ", "adapter"}})
    if (!facts[name].empty())
      words.append(words.empty() ? "" : before).append(facts[name]);
  return words;
}

std::string selection_of(const RunResult& run) {
  const std::string shard = run.shard.empty() ? "" : "shard " + run.shard;
  return run.filter + (run.filter.empty() || shard.empty() ? "" : ", ") + shard;
}

std::string_view table_of(std::string_view case_id) {
  return case_id.substr(0, case_id.find('.'));
}

} // namespace pep554
