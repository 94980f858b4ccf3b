#include "harness/engine/verdict.h"

#include <algorithm>
#include <utility>

namespace pep554 {
namespace {

// Ordered from best to worst.
constexpr std::array<std::pair<Verdict, std::string_view>, all_verdicts.size()> ranked{{
    {Verdict::observed, "observed"},
    {Verdict::pass, "pass"},
    {Verdict::unsupported, "unsupported"},
    {Verdict::not_run, "not-run"},
    {Verdict::blocked, "blocked"},
    {Verdict::host_fault, "host-fault"},
    {Verdict::flaky, "flaky"},
    {Verdict::leak, "leak"},
    {Verdict::fail, "fail"},
    {Verdict::broken_at_exit, "broken-at-exit"},
    {Verdict::limit_exceeded, "limit-exceeded"},
    {Verdict::hang, "hang"},
    {Verdict::crash, "crash"},
}};

size_t rank(Verdict verdict) {
  const auto* found =
      std::ranges::find(ranked, verdict, &std::pair<Verdict, std::string_view>::first);
  return static_cast<size_t>(found - ranked.begin());
}

} // namespace

std::string_view to_string(Verdict verdict) {
  return ranked[rank(verdict)].second;
}

std::optional<Verdict> verdict_from(std::string_view name) {
  for (const auto& [verdict, text] : ranked)
    if (text == name)
      return verdict;
  return std::nullopt;
}

bool is_failure(Verdict verdict) {
  return rank(verdict) >= rank(Verdict::flaky);
}

bool is_unsound(Verdict verdict) {
  return verdict == Verdict::leak || verdict == Verdict::flaky;
}

std::string_view violated_by_the_end(Verdict end) {
  switch (end) {
  case Verdict::crash:
  case Verdict::hang:
  case Verdict::limit_exceeded:
    return "isolation.survives";
  case Verdict::broken_at_exit:
    return "exit.clean";
  default:
    return {};
  }
}

Verdict worse(Verdict left, Verdict right) {
  return rank(left) < rank(right) ? right : left;
}

} // namespace pep554
