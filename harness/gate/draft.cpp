#include "harness/gate/draft.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "harness/gate/gate.h"
#include "harness/gate/update.h"

namespace pep554::gate {
namespace {

// Changes the baseline by what a comparison finds, until it finds nothing that can be changed.
class Drafter {
public:
  Drafter(const Baseline& old, const RunResult& run, const std::vector<std::string>& versions,
          Date today)
      : run_(run), versions_(versions), today_(today) {
    draft_.baseline = old;
    for (size_t i = 0; i < old.entries.size(); ++i)
      draft_.origin.emplace_back(i);
  }

  Draft result() {
    std::set<std::string> judged;
    for (const CaseResult& one : run_.cases)
      judged.insert(one.id);
    for (const std::string& id : draft_.baseline.judged)
      if (!judged.contains(id))
        note(fmt::format("gone: {}: the results do not have it", id));
    const auto more = std::ranges::count_if(
        judged, [this](const std::string& id) { return !draft_.baseline.judged.contains(id); });
    if (more > 0)
      note(fmt::format("listed as judged: {} more", more));
    draft_.baseline.judged = std::move(judged);
    while (change_one()) {
    }
    return std::move(draft_);
  }

private:
  // One at a time: a change moves the entries that later findings are about. Each takes the
  // target's versions from an entry for good, or adds an entry of a case that has none.
  bool change_one() {
    for (const Finding& finding : compare(run_, draft_.baseline, versions_, today_).findings)
      if (change(finding))
        return true;
    return false;
  }

  bool change(const Finding& finding) {
    switch (finding.reason) {
    case Reason::partial_run:
    case Reason::gone:
    case Reason::expired_entry:
      return false;
    case Reason::unmatched_entry:
      take_away(*finding.entry, "nothing in the results is what it is about");
      return true;
    default:
      break;
    }
    const CaseResult& result = *std::ranges::find(run_.cases, finding.subject, &CaseResult::id);
    if (!finding.entry)
      add(result, nullptr);
    else if (draft_.baseline.entries[*finding.entry].subject == Entry::Subject::clause)
      change_clause(*finding.entry, result);
    else if (is_good(result))
      take_away(*finding.entry, "it passed");
    else
      retarget(*finding.entry, result);
    return true;
  }

  // An entry of a clause cannot leave out a case that passed: its other cases get their own.
  void change_clause(size_t index, const CaseResult& result) {
    const Entry entry = draft_.baseline.entries[index];
    if (!is_good(result)) {
      add(result, &entry);
      return;
    }
    std::vector<const CaseResult*> accepted;
    for (const CaseResult& one : run_.cases) {
      const auto entries = entries_for(one, draft_.baseline, versions_);
      if (std::ranges::find(entries, index) != entries.end() && !is_good(one) &&
          accepts(entry, one))
        accepted.push_back(&one);
    }
    take_away(index, fmt::format("{} passed", result.id));
    for (const CaseResult* one : accepted)
      add(*one, &entry);
  }

  // The entry is for these versions no more, or gone.
  void take_away(size_t index, const std::string& why) {
    Entry& entry = draft_.baseline.entries[index];
    note(fmt::format("removed: {}, {}: {}", subject_of(entry), entry.signature, why));
    if (!leave_to_others(entry))
      erase(index);
  }

  // Whether the entry is left with other versions.
  bool leave_to_others(Entry& entry) {
    if (entry.versions.empty())
      for (const Version& one : draft_.baseline.versions)
        entry.versions.push_back(one.pattern);
    std::erase_if(entry.versions, [&](const std::string& one) {
      return std::ranges::find(versions_, one) != versions_.end();
    });
    return !entry.versions.empty();
  }

  void erase(size_t index) {
    const auto at = static_cast<std::ptrdiff_t>(index);
    draft_.baseline.entries.erase(draft_.baseline.entries.begin() + at);
    draft_.origin.erase(draft_.origin.begin() + at);
  }

  // The entry accepts what the case shows now; of other versions what it accepted before.
  void retarget(size_t index, const CaseResult& result) {
    Entry& entry = draft_.baseline.entries[index];
    const Entry before = entry;
    if (leave_to_others(entry) || find_alike(result) != nullptr) {
      if (entry.versions.empty())
        erase(index);
      add(result, &before);
      return;
    }
    note(fmt::format("changed: {}: {}, was {}", result.id, signature_in(result), entry.signature));
    entry = before;
    describe(entry, result);
  }

  // A new entry of the case, or one of other versions that is now for this one too. `like` is the
  // entry whose explanation it takes over.
  void add(const CaseResult& result, const Entry* like) {
    note(fmt::format("added: {}: {}", result.id, signature_in(result)));
    if (Entry* alike = find_alike(result); alike != nullptr) {
      alike->versions.push_back(own_version());
      return;
    }
    Entry entry;
    if (like != nullptr)
      entry = *like;
    else
      entry.reason = missing_reason;
    name(entry, result.id);
    describe(entry, result);
    entry.versions.clear();
    if (!versions_.empty())
      entry.versions = {own_version()};
    draft_.baseline.entries.push_back(std::move(entry));
    draft_.origin.emplace_back();
  }

  static void name(Entry& entry, const std::string& id) {
    constexpr std::string_view property = "property.";
    const bool is_property = id.starts_with(property) && id.size() > property.size();
    entry.subject = is_property ? Entry::Subject::property : Entry::Subject::one_case;
    entry.name = is_property ? id.substr(property.size()) : id;
  }

  void describe(Entry& entry, const CaseResult& result) const {
    entry.verdict = result.verdict;
    entry.signature = signature_in(result);
    if (result.verdict == Verdict::flaky && !entry.expires)
      entry.expires = std::chrono::sys_days(today_) + flaky_days;
  }

  // An entry of other versions that says the same of the case.
  Entry* find_alike(const CaseResult& result) {
    for (Entry& entry : draft_.baseline.entries)
      if (id_of(entry) == result.id && !entry.versions.empty() && !applies(entry, versions_) &&
          entry.verdict == result.verdict && entry.signature == signature_in(result))
        return &entry;
    return nullptr;
  }

  // The version itself, if it is listed, rather than a pattern.
  std::string own_version() const {
    const std::string version = fact(run_.target, "version");
    const bool listed = std::ranges::find(versions_, version) != versions_.end();
    return listed ? version : versions_.front();
  }

  void note(std::string change) { draft_.changes.push_back(std::move(change)); }

  const RunResult& run_;
  const std::vector<std::string>& versions_;
  const Date today_;
  Draft draft_;
};

} // namespace

Draft draft_of(const Baseline& old, const RunResult& run, const std::vector<std::string>& versions,
               Date today) {
  return Drafter(old, run, versions, today).result();
}

} // namespace pep554::gate
