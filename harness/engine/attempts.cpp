#include "harness/engine/attempts.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace pep554 {
namespace {

bool is_fresh(const CaseAttempt& attempt) {
  return attempt.mode == "fresh";
}

// "crash 2, pass 1 of 3 attempts", in the order in which they came.
std::string tally(const std::vector<CaseAttempt>& attempts) {
  std::vector<std::pair<Verdict, size_t>> counts;
  for (const CaseAttempt& attempt : attempts) {
    const auto known =
        std::ranges::find(counts, attempt.result.verdict, &std::pair<Verdict, size_t>::first);
    if (known == counts.end())
      counts.emplace_back(attempt.result.verdict, 1);
    else
      ++known->second;
  }
  std::string text;
  for (const auto& [verdict, count] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", to_string(verdict), count);
  return fmt::format("{} of {} attempts", text, attempts.size());
}

CaseResult flaky(const std::vector<CaseAttempt>& attempts) {
  const CaseAttempt* worst = &attempts.front();
  for (const CaseAttempt& attempt : attempts)
    if (worse(worst->result.verdict, attempt.result.verdict) != worst->result.verdict)
      worst = &attempt;
  CaseResult result = worst->result;
  result.verdict = Verdict::flaky;
  result.reason = fmt::format("{}; {}: {}", tally(attempts), to_string(worst->result.verdict),
                              worst->result.reason);
  return result;
}

CaseResult prefer_fresh(const CaseResult& forked, CaseResult fresh) {
  const std::string before = fresh.reason.empty() ? "" : fresh.reason + "; ";
  fresh.reason = fmt::format("{}differs when forked: {}: {}", before, to_string(forked.verdict),
                             forked.reason);
  return fresh;
}

CaseResult joined(const std::vector<CaseAttempt>& attempts) {
  std::vector<CaseAttempt> forked;
  std::ranges::remove_copy_if(attempts, std::back_inserter(forked), is_fresh);
  const auto fresh = std::ranges::find_if(attempts, is_fresh);
  if (forked.empty())
    return fresh->result;
  const Verdict first = forked.front().result.verdict;
  const auto differs = [first](const CaseAttempt& one) { return one.result.verdict != first; };
  if (std::ranges::any_of(forked, differs))
    return flaky(attempts);
  if (fresh != attempts.end() && differs(*fresh))
    return prefer_fresh(forked.front().result, fresh->result);
  return forked.front().result;
}

} // namespace

bool needs_retry(Verdict verdict) {
  return verdict != Verdict::pass && verdict != Verdict::observed &&
         verdict != Verdict::unsupported;
}

CaseResult aggregate_attempts(std::vector<CaseAttempt> attempts) {
  CaseResult result = joined(attempts);
  if (attempts.size() > 1)
    for (CaseAttempt& attempt : attempts)
      result.attempts.push_back(
          {std::move(attempt.mode), attempt.result.verdict, std::move(attempt.result.reason)});
  return result;
}

} // namespace pep554
