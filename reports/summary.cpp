#include "reports/summary.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace pep554 {

std::map<std::string, Counts, std::less<>> clause_counts(const RunResult& run) {
  std::map<std::string, Counts, std::less<>> counts;
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
    return Claim::conformant;
  if (!run.target.unsupported_reason.empty())
    return Claim::unsupported;
  if (!run.filter.empty() || !run.shard.empty() || run.unreached > 0)
    return Claim::partial;
  const auto broken = [](const ClauseResult& clause) {
    return clause.kind != "open" && is_failure(clause.verdict);
  };
  return std::ranges::any_of(run.clauses, broken) ? Claim::not_conformant : Claim::partial;
}

std::string_view to_string(Claim claim) {
  switch (claim) {
  case Claim::conformant:
    return "Conformant";
  case Claim::not_conformant:
    return "Not conformant";
  case Claim::unsupported:
    return "Unsupported";
  case Claim::partial:
    break;
  }
  return "Partial";
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
