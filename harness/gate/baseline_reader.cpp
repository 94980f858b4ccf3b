// Reads baselines.
#include "harness/gate/baseline.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/engine/signature.h"
#include "spec/nearest.h"
#include "spec/read_file.h"
#include "spec/toml_reader.h"

namespace pep554::gate {
namespace {

constexpr std::array subjects{Entry::Subject::one_case, Entry::Subject::property,
                              Entry::Subject::clause};

bool can_be_accepted(Verdict verdict) {
  return verdict != Verdict::pass && verdict != Verdict::observed && verdict != Verdict::not_run &&
         verdict != Verdict::host_fault;
}

std::vector<std::string> acceptable_verdicts() {
  std::vector<std::string> names;
  for (const Verdict verdict : all_verdicts)
    if (can_be_accepted(verdict))
      names.emplace_back(pep554::to_string(verdict));
  return names;
}

bool overlap(const Entry& one, const Entry& other) {
  return one.versions.empty() || other.versions.empty() ||
         std::ranges::find_first_of(one.versions, other.versions) != one.versions.end();
}

// A clause may have entries for several ways to deviate; a case deviates in one way.
bool is_duplicate(const Entry& one, const Entry& other) {
  return one.subject == other.subject && one.name == other.name && overlap(one, other) &&
         (one.subject != Entry::Subject::clause ||
          (one.verdict == other.verdict && one.signature == other.signature));
}

class Reader {
public:
  Reader(const std::string& file, Diagnostics& diagnostics) : diagnostics_(diagnostics) {
    baseline_.file = file;
  }

  Baseline read(const toml::table& table) {
    TableReader in(table, baseline_.file, diagnostics_);
    baseline_.implementation = in.text("implementation").value_or("");
    if (const toml::node* versions = in.node("versions"))
      read_versions(in, *versions);
    for (const toml::table* one : in.tables("deviation"))
      read_entry(*one);
    if (const toml::node* judged = in.node("judged"))
      read_judged(in, *judged);
    in.finish();
    return std::move(baseline_);
  }

private:
  void read_versions(TableReader& in, const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr || table->empty()) {
      in.report("versions", "expected [versions] with at least one line VERSION = {}");
      return;
    }
    for (const auto& [key, value] : *table) {
      Version version{std::string(key.str()), {}, {}};
      version.where = {baseline_.file, key.source().begin.line, key.source().begin.column};
      const toml::table* facts = value.as_table();
      if (facts == nullptr)
        diagnostics_.add(version.where, fmt::format("version \"{}\": expected {{}}, or the facts "
                                                    "that the target has to have",
                                                    key.str()));
      else
        read_facts(*facts, version.facts);
      baseline_.versions.push_back(std::move(version));
    }
    std::ranges::sort(baseline_.versions, {}, [](const Version& one) {
      return std::pair(one.where.line, one.where.column);
    });
  }

  void read_facts(const toml::table& table, Facts& facts) {
    for (const auto& [key, value] : table) {
      if (const auto* text = value.as_string())
        facts.emplace_back(key.str(), text->get());
      else
        diagnostics_.add(position(value, baseline_.file),
                         fmt::format("fact \"{}\": expected a string", key.str()));
    }
  }

  void read_entry(const toml::table& table) {
    TableReader row(table, baseline_.file, diagnostics_);
    Entry entry;
    entry.where = row.where();
    read_subject(row, entry);
    entry.verdict = read_verdict(row);
    entry.signature = read_signature(row, entry.verdict);
    entry.reason = row.required("reason");
    entry.link = row.text("link").value_or("");
    entry.kind = row.text("kind").value_or("");
    entry.versions = read_versions_of_entry(row);
    entry.expires = read_date(row);
    if (entry.verdict == Verdict::flaky && !entry.expires)
      row.report("verdict", "an entry of a flaky case needs \"expires\": no run can show that the "
                            "case is not flaky any more");
    row.finish();
    for (const Entry& other : baseline_.entries)
      if (is_duplicate(entry, other))
        row.report(to_string(entry.subject), fmt::format("{} has an entry in line {} already",
                                                         subject_of(entry), other.where.line));
    baseline_.entries.push_back(std::move(entry));
  }

  void read_subject(TableReader& row, Entry& entry) {
    size_t given = 0;
    for (const Entry::Subject subject : subjects) {
      const auto name = row.text(to_string(subject));
      if (!name)
        continue;
      if (name->empty())
        row.report(to_string(subject), "expected a name that is not empty");
      entry.subject = subject;
      entry.name = *name;
      ++given;
    }
    if (given != 1)
      row.report("", "expected one of \"case\", \"property\" and \"clause\"");
  }

  Verdict read_verdict(TableReader& row) {
    const std::string name = row.required("verdict");
    const auto verdict = verdict_from(name);
    const auto known = acceptable_verdicts();
    if (name.empty() || (verdict && can_be_accepted(*verdict)))
      return verdict.value_or(Verdict::fail);
    if (!verdict)
      row.report("verdict", fmt::format("\"{}\" is not a verdict{}: expected one of {}", name,
                                        did_you_mean(name, known), fmt::join(known, ", ")));
    else if (*verdict == Verdict::pass || *verdict == Verdict::observed)
      row.report("verdict",
                 fmt::format("\"{}\" is not a deviation: remove the entry, or expect one of {}",
                             name, fmt::join(known, ", ")));
    else
      row.report(
          "verdict",
          fmt::format("\"{}\" cannot be accepted: nothing is then known of the target", name));
    return Verdict::fail;
  }

  // It begins with the verdict, as every signature does.
  std::string read_signature(TableReader& row, Verdict verdict) {
    std::string signature = row.required("signature");
    if (!signature.empty() && !begins_with_words(signature, pep554::to_string(verdict)))
      row.report("signature",
                 fmt::format("\"{}\" does not begin with the verdict \"{}\"; pep554 gate prints "
                             "the signature, and --update writes it",
                             signature, pep554::to_string(verdict)));
    return signature;
  }

  std::vector<std::string> read_versions_of_entry(TableReader& row) {
    const auto versions = row.texts("versions");
    if (!versions)
      return {};
    if (versions->empty())
      row.report("versions", "expected at least one version; without the key the entry holds for "
                             "every version");
    if (baseline_.versions.empty())
      row.report("versions", "there is no [versions] in this file: expected it to list every "
                             "version that the file is for");
    std::vector<std::string> known;
    for (const Version& one : baseline_.versions)
      known.push_back(one.pattern);
    for (const std::string& one : *versions)
      if (!known.empty() && std::ranges::find(known, one) == known.end())
        row.report("versions", fmt::format("\"{}\" is not in [versions]{}: expected some of {}",
                                           one, did_you_mean(one, known), fmt::join(known, ", ")));
    return *versions;
  }

  static std::optional<Date> read_date(TableReader& row) {
    const toml::node* node = row.node("expires");
    if (node == nullptr)
      return std::nullopt;
    if (const auto* date = node->as_date()) {
      const toml::date day = date->get();
      return Date(std::chrono::year(day.year), std::chrono::month(day.month),
                  std::chrono::day(day.day));
    }
    row.report("expires", "expected a date without quotes, e.g. 2027-01-31");
    return std::nullopt;
  }

  void read_judged(TableReader& in, const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) {
      in.report("judged", "expected [judged] with lines TABLE = [\"case\", ...]");
      return;
    }
    baseline_.where_judged = position(*table, baseline_.file);
    TableReader tables(*table, baseline_.file, diagnostics_);
    for (const auto& [key, value] : *table)
      for (const std::string& rest : tables.texts(key.str()).value_or(std::vector<std::string>()))
        if (!baseline_.judged.insert(judged_id(key.str(), rest)).second)
          tables.report(key.str(),
                        fmt::format("\"{}\" is listed twice", judged_id(key.str(), rest)));
  }

  static std::string judged_id(std::string_view table, const std::string& rest) {
    return table.empty() ? rest : fmt::format("{}.{}", table, rest);
  }

  Baseline baseline_;
  Diagnostics& diagnostics_;
};

} // namespace

std::optional<Baseline> baseline_from(std::string_view text, const std::string& display_path,
                                      Diagnostics& diagnostics) {
  const auto table = parse_toml_text(text, display_path, diagnostics);
  if (!table)
    return std::nullopt;
  Baseline baseline = Reader(display_path, diagnostics).read(*table);
  return diagnostics.empty() ? std::optional(std::move(baseline)) : std::nullopt;
}

std::optional<Baseline> read_baseline(const std::filesystem::path& file, Diagnostics& diagnostics) {
  const auto text = read_file(file, "a baseline");
  if (!text) {
    diagnostics.add(text.error());
    return std::nullopt;
  }
  return baseline_from(*text, file.string(), diagnostics);
}

} // namespace pep554::gate
