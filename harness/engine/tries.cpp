#include "harness/engine/tries.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace pep554 {
namespace {

bool is_fresh(const Attempt& attempt) {
  return attempt.way == "fresh";
}

// "crash 2, pass 1 of 3 tries", in the order in which they came.
std::string tally(const std::vector<Attempt>& attempts) {
  std::vector<std::pair<Verdict, size_t>> counts;
  for (const Attempt& attempt : attempts) {
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
  return fmt::format("{} of {} tries", text, attempts.size());
}

CaseResult flaky(const std::vector<Attempt>& attempts) {
  const Attempt* gravest = &attempts.front();
  for (const Attempt& attempt : attempts)
    if (graver(gravest->result.verdict, attempt.result.verdict) != gravest->result.verdict)
      gravest = &attempt;
  CaseResult result = gravest->result;
  result.verdict = Verdict::flaky;
  result.reason = fmt::format("{}; {}: {}", tally(attempts), to_string(gravest->result.verdict),
                              gravest->result.reason);
  return result;
}

CaseResult believe_fresh(const CaseResult& forked, CaseResult fresh) {
  const std::string before = fresh.reason.empty() ? "" : fresh.reason + "; ";
  fresh.reason = fmt::format("{}in forked processes it was otherwise: {}: {}", before,
                             to_string(forked.verdict), forked.reason);
  return fresh;
}

CaseResult joined(const std::vector<Attempt>& attempts) {
  std::vector<Attempt> forked;
  std::ranges::remove_copy_if(attempts, std::back_inserter(forked), is_fresh);
  const auto fresh = std::ranges::find_if(attempts, is_fresh);
  if (forked.empty())
    return fresh->result;
  const Verdict first = forked.front().result.verdict;
  const auto differs = [first](const Attempt& one) { return one.result.verdict != first; };
  if (std::ranges::any_of(forked, differs))
    return flaky(attempts);
  if (fresh != attempts.end() && differs(*fresh))
    return believe_fresh(forked.front().result, fresh->result);
  return forked.front().result;
}

} // namespace

bool needs_another_try(Verdict verdict) {
  return verdict != Verdict::pass && verdict != Verdict::observed &&
         verdict != Verdict::unsupported;
}

CaseResult believe(std::vector<Attempt> attempts) {
  CaseResult result = joined(attempts);
  if (attempts.size() > 1)
    for (Attempt& attempt : attempts)
      result.tries.push_back(
          {std::move(attempt.way), attempt.result.verdict, std::move(attempt.result.reason)});
  return result;
}

} // namespace pep554
