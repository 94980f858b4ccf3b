#include "harness/engine/attempts.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/engine/signature.h"

namespace pep554 {
namespace {

// So many forked attempts have to fail before the fork can be to blame.
constexpr size_t least_forked = 6;
constexpr unsigned least_of_lanes = 3;

using Results = std::vector<const CaseResult*>;

bool agree(const Results& results) {
  return std::ranges::all_of(results, [&results](const CaseResult* one) {
    return one->verdict == results.front()->verdict;
  });
}

// Which attempt comes first is chance, so none of them speaks for the others.
std::string signature_of_all(const Results& results) {
  std::vector<std::string> signatures;
  for (const CaseResult* one : results)
    signatures.push_back(one->signature);
  return common_signature(signatures);
}

// The attempts that were executed.
struct Evidence {
  Results forked;
  Results fresh;

  explicit Evidence(const std::vector<CaseAttempt>& attempts) {
    for (const CaseAttempt& one : attempts)
      if (one.result.verdict != Verdict::not_run)
        (one.mode == AttemptMode::fresh ? fresh : forked).push_back(&one.result);
  }

  bool is_flaky() const { return !agree(forked) || !agree(fresh); }
  bool differs_when_forked() const {
    return !forked.empty() && !fresh.empty() && forked.front()->verdict != fresh.front()->verdict;
  }
  bool blames_the_fork() const {
    return forked.size() >= least_forked && fresh.size() >= forked.size();
  }
};

bool was_not_spawned(const CaseAttempt& attempt) {
  return attempt.mode == AttemptMode::fresh && attempt.result.verdict == Verdict::not_run;
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

// With every clause that one of the attempts violates.
CaseResult flaky(const std::vector<CaseAttempt>& attempts) {
  const CaseResult* worst = &attempts.front().result;
  for (const CaseAttempt& attempt : attempts)
    if (worse(worst->verdict, attempt.result.verdict) != worst->verdict)
      worst = &attempt.result;
  CaseResult result = *worst;
  Results alike; // attempts that failed like the worst
  for (const CaseAttempt& attempt : attempts)
    if (attempt.result.verdict == worst->verdict)
      alike.push_back(&attempt.result);
  result.signature = signature_of_all(alike);
  for (const CaseAttempt& attempt : attempts)
    for (const std::string& clause : attempt.result.clauses)
      if (std::ranges::find(result.clauses, clause) == result.clauses.end())
        result.clauses.push_back(clause);
  // No fault of the host says anything of the target: it is not flaky.
  if (result.verdict != Verdict::host_fault) {
    result.verdict = Verdict::flaky;
    result.signature = result.signature.empty() ? "flaky" : "flaky " + result.signature;
  }
  result.reason =
      fmt::format("{}; {}: {}", tally(attempts), to_string(worst->verdict), worst->reason);
  return result;
}

std::string in_all(const Results& results) {
  return fmt::format("{} in {} of {}", to_string(results.front()->verdict), results.size(),
                     results.size());
}

CaseResult prefer_fresh(const Evidence& seen) {
  CaseResult result = *seen.fresh.front();
  result.signature = signature_of_all(seen.fresh);
  const std::string before = result.reason.empty() ? "" : result.reason + "; ";
  result.reason =
      fmt::format("{}differs when forked: {} forked attempts, {} fresh processes; {}", before,
                  in_all(seen.forked), in_all(seen.fresh), seen.forked.front()->reason);
  return result;
}

CaseResult joined(const std::vector<CaseAttempt>& attempts) {
  const Evidence seen(attempts);
  if (seen.is_flaky() || (seen.differs_when_forked() && !seen.blames_the_fork()))
    return flaky(attempts);
  if (seen.differs_when_forked())
    return prefer_fresh(seen);
  if (seen.forked.empty())
    return attempts.front().result;
  CaseResult result = *seen.forked.front();
  Results all = seen.forked;
  all.insert(all.end(), seen.fresh.begin(), seen.fresh.end());
  result.signature = signature_of_all(all);
  return result;
}

} // namespace

bool needs_retry(Verdict verdict) {
  return verdict != Verdict::pass && verdict != Verdict::observed &&
         verdict != Verdict::unsupported;
}

unsigned first_attempts(const Program& program, unsigned repeat) {
  return program.lanes.size() > 1 ? std::max(repeat, least_of_lanes) : std::max(repeat, 1U);
}

std::optional<AttemptMode> next_attempt(const std::vector<CaseAttempt>& attempts, bool can_spawn) {
  const Evidence seen(attempts);
  const bool good = !seen.forked.empty() && !needs_retry(seen.forked.front()->verdict);
  if (good || seen.is_flaky())
    return std::nullopt;
  const auto alone = std::ranges::count(attempts, AttemptMode::alone, &CaseAttempt::mode);
  if (alone == 0)
    return AttemptMode::alone;
  if (!can_spawn || seen.forked.empty() || std::ranges::any_of(attempts, was_not_spawned))
    return alone < 2 ? std::optional(AttemptMode::alone) : std::nullopt;
  if (seen.fresh.empty())
    return AttemptMode::fresh;
  if (!seen.differs_when_forked() || seen.blames_the_fork())
    return std::nullopt;
  return seen.fresh.size() < seen.forked.size() ? AttemptMode::fresh : AttemptMode::alone;
}

CaseResult excused(CaseResult result, const std::string& shortage) {
  const bool stays = !needs_retry(result.verdict) || result.verdict == Verdict::not_run ||
                     result.verdict == Verdict::limit_exceeded || shortage.empty();
  if (stays)
    return result;
  result.reason = fmt::format("{}; {}: {}", shortage, to_string(result.verdict), result.reason);
  result.verdict = Verdict::not_run;
  result.signature = to_string(result.verdict);
  return result;
}

CaseResult aggregate_attempts(std::vector<CaseAttempt> attempts) {
  CaseResult result = joined(attempts);
  for (const CaseAttempt& attempt : attempts)
    result = excused(std::move(result), attempt.shortage);
  if (attempts.size() > 1)
    for (CaseAttempt& attempt : attempts)
      result.attempts.push_back(
          {attempt.mode, attempt.result.verdict, std::move(attempt.result.reason)});
  return result;
}

} // namespace pep554
