#include "harness/gate/gate.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "harness/engine/signature.h"
#include "reports/summary.h"
#include "spec/nearest.h"

namespace pep554::gate {
namespace {

bool has_no_result(const CaseResult& result) {
  return result.verdict == Verdict::not_run || result.verdict == Verdict::host_fault;
}

std::string with_reason(const std::string& sentence, const CaseResult& result) {
  return result.reason.empty() ? sentence : fmt::format("{}: {}", sentence, result.reason);
}

std::string at(const Entry& entry) {
  return fmt::format("{}:{}:{}", entry.where.file, entry.where.line, entry.where.column);
}

class Comparer {
public:
  Comparer(const RunResult& run, const Baseline& baseline, const std::vector<std::string>& versions,
           Date today, Extent extent)
      : run_(run), baseline_(baseline), versions_(versions), today_(today), extent_(extent) {}

  Comparison result() {
    if (!check_extent())
      return std::move(result_);
    for (const CaseResult& one : run_.cases)
      if (!has_no_result(one) || run_.unreached == 0)
        check_case(one);
    for (size_t i = 0; i < baseline_.entries.size(); ++i)
      if (applies(baseline_.entries[i], versions_))
        check_entry(i);
    check_gone();
    std::ranges::stable_sort(result_.findings, {}, &Finding::reason);
    return std::move(result_);
  }

private:
  void add(Reason reason, std::string subject, std::string text,
           std::optional<size_t> entry = std::nullopt) {
    result_.findings.push_back({reason, std::move(subject), std::move(text), entry});
    if (entry)
      settled_.insert(*entry);
  }

  // Whether there is something to compare. Of a selection, only what was selected is.
  bool check_extent() {
    if (!run_.target.unsupported_reason.empty())
      add(Reason::partial_run, "", "nothing was judged: " + run_.target.unsupported_reason);
    else if (run_.cases.empty())
      add(Reason::partial_run, "", "the results have no case");
    else if (run_.unreached > 0)
      add(Reason::partial_run, "",
          fmt::format("the run was interrupted: {} of {} cases were not run", run_.unreached,
                      run_.cases.size()));
    const std::string selection = run_.unreached > 0 ? "" : selection_of(run_);
    if (!selection.empty() && extent_ == Extent::whole && result_.findings.empty())
      add(Reason::partial_run, "", fmt::format("only a selection was run: {}", selection));
    partial_ = !result_.findings.empty() || !selection.empty();
    return run_.target.unsupported_reason.empty() && !run_.cases.empty();
  }

  void check_case(const CaseResult& result) {
    const std::vector<size_t> entries = entries_for(result, baseline_, versions_);
    const auto match = std::ranges::find_if(
        entries, [&](size_t i) { return accepts(baseline_.entries[i], result); });
    if (match != entries.end())
      accept(*match, result);
    else if (is_good(result) && !entries.empty())
      add_each(Reason::unexpected_pass, result, entries,
               advice(baseline_.entries[entries.front()]));
    else if (!is_good(result))
      check_deviation(result, entries);
  }

  static std::string advice(const Entry& entry) {
    return entry.subject == Entry::Subject::clause
               ? fmt::format("passed: accept the other cases of {} one by one", entry.name)
               : "passed: remove the entry";
  }

  void accept(size_t entry, const CaseResult& result) {
    settled_.insert(entry);
    if (is_good(result))
      result_.not_shown.push_back(result.id);
    else
      ++result_.accepted;
  }

  // A deviation that no entry accepts.
  void check_deviation(const CaseResult& result, const std::vector<size_t>& entries) {
    const std::string signature = fmt::format("\"{}\"", signature_in(result));
    if (has_no_result(result) || (entries.empty() && is_missing(result.verdict))) {
      add(Reason::not_judged, result.id,
          with_reason(fmt::format("{}, signature {}", to_string(result.verdict), signature),
                      result),
          entries.empty() ? std::nullopt : std::optional(entries.front()));
      settled_.insert(entries.begin(), entries.end());
      return;
    }
    if (entries.empty()) {
      add(Reason::unexpected, result.id,
          with_reason(fmt::format("{}, signature {}", to_string(result.verdict), signature),
                      result));
      return;
    }
    const bool same_verdict = std::ranges::any_of(
        entries, [&](size_t i) { return baseline_.entries[i].verdict == result.verdict; });
    add_each(same_verdict ? Reason::other_signature : Reason::other_verdict, result, entries,
             with_reason(same_verdict ? "signature " + signature
                                      : fmt::format("{}, signature {}", to_string(result.verdict),
                                                    signature),
                         result));
  }

  // One finding, about the first of the entries; the others are settled by it.
  void add_each(Reason reason, const CaseResult& result, const std::vector<size_t>& entries,
                const std::string& text) {
    const Entry& first = baseline_.entries[entries.front()];
    add(reason, result.id, fmt::format("{} expects \"{}\"; {}", at(first), first.signature, text),
        entries.front());
    settled_.insert(entries.begin(), entries.end());
  }

  void check_entry(size_t index) {
    const Entry& entry = baseline_.entries[index];
    const bool settled = settled_.contains(index) || baseline_.judged.contains(id_of(entry));
    if (entry.reason == missing_reason)
      ++result_.unexplained;
    const bool asked = extent_ == Extent::whole || settled_.contains(index);
    if (asked && entry.expires && *entry.expires < today_)
      add(Reason::expired_entry, subject_of(entry),
          fmt::format("{} expired on {}: {}", at(entry), to_string(*entry.expires), entry.reason),
          index);
    if (!settled && !partial_)
      add(Reason::unmatched_entry, subject_of(entry), unmatched(entry), index);
  }

  std::string unmatched(const Entry& entry) const {
    if (entry.subject == Entry::Subject::clause)
      return fmt::format("{}: no case that cites the clause, and has no entry of its own, is in "
                         "the results{}",
                         at(entry), did_you_mean_clause(entry.name));
    std::vector<std::string> ids;
    for (const CaseResult& one : run_.cases)
      ids.push_back(one.id);
    return fmt::format("{}: the results do not have it{}", at(entry),
                       did_you_mean(id_of(entry), ids));
  }

  std::string did_you_mean_clause(const std::string& name) const {
    std::vector<std::string> ids;
    for (const ClauseResult& one : run_.clauses)
      ids.push_back(one.id);
    return std::ranges::find(ids, name) != ids.end() ? "" : did_you_mean(name, ids);
  }

  void check_gone() {
    if (partial_)
      return;
    std::set<std::string> ids;
    for (const CaseResult& one : run_.cases)
      ids.insert(one.id);
    for (const std::string& id : baseline_.judged)
      if (!ids.contains(id))
        add(Reason::gone, id,
            fmt::format("{}:{}:{} lists it as judged, and the results do not have it",
                        baseline_.where_judged.file, baseline_.where_judged.line,
                        baseline_.where_judged.column));
  }

  const RunResult& run_;
  const Baseline& baseline_;
  const std::vector<std::string>& versions_;
  const Date today_;
  const Extent extent_;
  bool partial_ = false;
  std::set<size_t> settled_; // entries that a case matches, or that a finding is about
  Comparison result_;
};

} // namespace

std::string_view to_string(Reason reason) {
  switch (reason) {
  case Reason::partial_run:
    return "partial-run";
  case Reason::gone:
    return "gone";
  case Reason::not_judged:
    return "not-judged";
  case Reason::unexpected:
    return "unexpected";
  case Reason::unexpected_pass:
    return "unexpected-pass";
  case Reason::other_verdict:
    return "other-verdict";
  case Reason::other_signature:
    return "other-signature";
  case Reason::unmatched_entry:
    return "unmatched-entry";
  case Reason::expired_entry:
    return "expired-entry";
  }
  return {};
}

bool is_good(const CaseResult& result) {
  return result.verdict == Verdict::pass || result.verdict == Verdict::observed;
}

std::string signature_in(const CaseResult& result) {
  return result.signature.empty() ? std::string(to_string(result.verdict)) : result.signature;
}

bool accepts(const Entry& entry, const CaseResult& result) {
  if (entry.verdict == result.verdict)
    return begins_with_words(signature_in(result), entry.signature);
  if (entry.verdict != Verdict::flaky || is_missing(result.verdict))
    return false;
  return is_good(result) || begins_with_words("flaky " + signature_in(result), entry.signature);
}

std::vector<size_t> entries_for(const CaseResult& result, const Baseline& baseline,
                                const std::vector<std::string>& versions) {
  std::vector<size_t> own;
  std::vector<size_t> of_clauses;
  for (size_t i = 0; i < baseline.entries.size(); ++i) {
    const Entry& entry = baseline.entries[i];
    if (!applies(entry, versions))
      continue;
    if (entry.subject != Entry::Subject::clause) {
      if (id_of(entry) == result.id)
        own.push_back(i);
    } else if (std::ranges::find(result.clauses, entry.name) != result.clauses.end()) {
      of_clauses.push_back(i);
    }
  }
  return own.empty() ? of_clauses : own;
}

Comparison compare(const RunResult& run, const Baseline& baseline,
                   const std::vector<std::string>& versions, Date today, Extent extent) {
  return Comparer(run, baseline, versions, today, extent).result();
}

} // namespace pep554::gate
