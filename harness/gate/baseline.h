// A baseline: the deviations that are accepted of an implementation, each with a reason. README.md
// describes the file.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/engine/result.h"
#include "harness/engine/verdict.h"
#include "spec/diagnostics.h"

namespace pep554::gate {

using Date = std::chrono::year_month_day;
using Facts = std::vector<std::pair<std::string, std::string>>;

// Today, UTC.
Date today();
std::string to_string(Date date); // "2027-01-31"

// One accepted deviation.
struct Entry {
  enum class Subject {
    one_case, // `name` is the id of a case
    property, // ... the name of a property, whose id is property.NAME
    clause,   // ... the id of a clause: stands for an entry of each of its cases without its own
  };
  Subject subject = Subject::one_case;
  std::string name;
  Verdict verdict = Verdict::fail;
  std::string signature; // as CaseResult has it, or its first words
  std::string reason;
  std::string link;                  // empty: none
  std::string kind;                  // a label for reports; empty: none
  std::vector<std::string> versions; // patterns of Baseline::versions; empty: every version
  std::optional<Date> expires;       // the last day on which it is accepted
  Source where;
};

// A version of the implementation that the baseline holds for.
struct Version {
  std::string pattern; // shell pattern of the target's fact "version"
  Facts facts;         // further facts that the target then has to have
  Source where;
};

struct Baseline {
  std::string file;              // as messages name it
  std::string implementation;    // the target's fact of this name; empty: any
  std::vector<Version> versions; // in the order of the file; empty: the entries hold for every one
  std::vector<Entry> entries;    // in the order of the file
  std::set<std::string> judged;  // ids of the cases that have to be judged; empty: not listed
  Source where_judged;
};

// Reads a baseline from its text. Nothing when anything is wrong: each error is then in
// `diagnostics`, with its position in the file called `display_path`.
std::optional<Baseline> baseline_from(std::string_view text, const std::string& display_path,
                                      Diagnostics& diagnostics);

// Reads a baseline from a file, in the same way.
std::optional<Baseline> read_baseline(const std::filesystem::path& file, Diagnostics& diagnostics);

// The id of the result that an entry is about; of a clause's entry, empty.
std::string id_of(const Entry& entry);
// "case run.text-empty", "clause id.read-only"
std::string subject_of(const Entry& entry);
// The key that names the subject: "case", "property", "clause".
std::string_view to_string(Entry::Subject subject);

// The patterns of the versions of the target; empty for a baseline without [versions]. An error
// when the baseline is not for this target: another implementation, a version that it does not
// list, or other facts.
Result<std::vector<std::string>> versions_of(const Baseline& baseline, const TargetResult& target);

// Whether an entry is for one of the versions that versions_of found.
bool applies(const Entry& entry, const std::vector<std::string>& versions);

// A fact of the target; empty when it states none of this name.
std::string fact(const TargetResult& target, std::string_view name);

} // namespace pep554::gate
