#include "harness/gate/update.h"

#include <algorithm>
#include <iterator>
#include <map>

#include <fmt/format.h>

#include "harness/gate/draft.h"
#include "harness/gate/toml_edits.h"
#include "reports/summary.h"
#include "spec/readable.h"
#include "spec/toml_reader.h"

namespace pep554::gate {
namespace {

using Tables = std::map<std::string, std::vector<std::string>>; // cases by table

// The ids as [judged] has them: the table, and the rest of each id.
Tables tables_of(const std::set<std::string>& ids) {
  Tables tables;
  for (const std::string& id : ids) {
    const size_t dot = id.find('.');
    if (dot == std::string::npos)
      tables[""].push_back(id);
    else
      tables[id.substr(0, dot)].push_back(id.substr(dot + 1));
  }
  return tables;
}

std::string judged_line(const std::string& table, const std::vector<std::string>& cases) {
  const std::string before = toml_key(table) + " = ";
  return before + toml_array(cases, before);
}

std::string judged_table(const std::set<std::string>& judged) {
  std::string text = "# What has to be judged: pep554 gate --update writes this list.\n[judged]";
  for (const auto& [table, cases] : tables_of(judged))
    text += "\n" + judged_line(table, cases);
  return text;
}

std::string entry_text(const Entry& entry) {
  std::string text = "[[deviation]]";
  const auto add = [&text](std::string_view key, const std::string& value) {
    text += fmt::format("\n{} = {}", key, value);
  };
  add(to_string(entry.subject), toml_string(entry.name));
  add("verdict", toml_string(to_string(entry.verdict)));
  add("signature", toml_string(entry.signature));
  if (!entry.versions.empty())
    add("versions", toml_array(entry.versions, "versions = "));
  if (!entry.kind.empty())
    add("kind", toml_string(entry.kind));
  add("reason", toml_string(entry.reason));
  if (!entry.link.empty())
    add("link", toml_string(entry.link));
  if (entry.expires)
    add("expires", to_string(*entry.expires));
  return text;
}

std::string version_line(const Version& version) {
  std::string facts;
  for (const auto& [name, value] : version.facts)
    facts +=
        fmt::format("{}{} = {}", facts.empty() ? " " : ", ", toml_key(name), toml_string(value));
  return fmt::format("{} = {{{}{}}}", toml_key(version.pattern), facts, facts.empty() ? "" : " ");
}

// The version of a target that the baseline does not list yet, with the same facts as the last one.
Version new_version(const Baseline& baseline, const TargetResult& target) {
  Version version{fact(target, "version"), {}, {}};
  for (const auto& [name, value] : baseline.versions.back().facts)
    version.facts.emplace_back(name, fact(target, name));
  return version;
}

// What two texts of one baseline must have in common.
std::string content(const Baseline& baseline) {
  std::string text = baseline.implementation + "\n";
  std::vector<std::string> entries;
  for (const Entry& entry : baseline.entries)
    entries.push_back(entry_text(entry));
  std::ranges::sort(entries);
  for (const std::string& entry : entries)
    text += entry + "\n";
  for (const Version& version : baseline.versions)
    text += version_line(version) + "\n";
  return text + judged_table(baseline.judged);
}

// Writes the differences of two baselines into the text of the first.
class Writer {
public:
  Writer(const std::string& text, const toml::table& table, const Baseline& old, const Draft& draft)
      : table_(table), old_(old), draft_(draft), edits_(text) {
    if (const auto* array = table.get_as<toml::array>("deviation"))
      for (const toml::node& element : *array)
        entries_.push_back(element.as_table());
  }

  // Nothing for a file that has inline tables where lines have to be added or removed.
  std::optional<std::string> result() {
    for (const toml::table* entry : entries_)
      if (entry == nullptr || entry->is_inline())
        return std::nullopt;
    for (const char* key : {"versions", "judged"})
      if (const auto* table = table_.get_as<toml::table>(key);
          table != nullptr && table->is_inline())
        return std::nullopt;
    write_versions();
    write_entries();
    write_judged();
    return edits_.result();
  }

private:
  void write_versions() {
    const auto* table = table_.get_as<toml::table>("versions");
    for (size_t i = old_.versions.size(); i < draft_.baseline.versions.size(); ++i)
      edits_.add_below(*table->get(old_.versions.back().pattern),
                       version_line(draft_.baseline.versions[i]));
  }

  void write_entries() {
    std::vector<bool> kept(entries_.size());
    std::string added;
    for (size_t i = 0; i < draft_.baseline.entries.size(); ++i) {
      const Entry& entry = draft_.baseline.entries[i];
      if (const auto origin = draft_.origin[i]) {
        kept[*origin] = true;
        write_changes(*entries_[*origin], old_.entries[*origin], entry);
      } else {
        added += (added.empty() ? "" : "\n\n") + entry_text(entry);
      }
    }
    for (size_t i = 0; i < entries_.size(); ++i)
      if (!kept[i])
        edits_.remove_table(*entries_[i]);
    if (added.empty())
      return;
    if (!entries_.empty())
      edits_.add_table_below(*entries_.back(), added);
    else if (const toml::node* judged = table_.get("judged"))
      edits_.add_table_above(*judged, added);
    else
      edits_.add_table_at_end(added);
  }

  void write_changes(const toml::table& table, const Entry& before, const Entry& after) {
    if (before.verdict != after.verdict)
      edits_.replace(*table.get("verdict"), toml_string(to_string(after.verdict)));
    if (before.signature != after.signature)
      edits_.replace(*table.get("signature"), toml_string(after.signature));
    std::string more; // lines of keys that were not there
    if (before.versions.empty() && !after.versions.empty())
      more = "versions = " + toml_array(after.versions, "versions = ");
    else if (before.versions != after.versions)
      change(*table.get_as<toml::array>("versions"), before.versions, after.versions, "versions");
    if (!before.expires && after.expires)
      more += (more.empty() ? "expires = " : "\nexpires = ") + to_string(*after.expires);
    if (!more.empty())
      edits_.add_below(*table.get("signature"), more);
  }

  void change(const toml::array& array, const std::vector<std::string>& before,
              const std::vector<std::string>& after, std::string_view key) {
    const auto without = [](const std::vector<std::string>& all,
                            const std::vector<std::string>& some) {
      std::vector<std::string> rest;
      std::ranges::copy_if(all, std::back_inserter(rest), [&](const std::string& one) {
        return std::ranges::find(some, one) == some.end();
      });
      return rest;
    };
    edits_.change(array, without(before, after), without(after, before), key);
  }

  void write_judged() {
    if (old_.judged == draft_.baseline.judged)
      return;
    const auto* table = table_.get_as<toml::table>("judged");
    if (table == nullptr) {
      edits_.add_table_at_end(judged_table(draft_.baseline.judged));
      return;
    }
    const Tables before = tables_of(old_.judged);
    const Tables after = tables_of(draft_.baseline.judged);
    for (const auto& [name, cases] : before)
      if (!after.contains(name))
        edits_.remove_lines(*table->get(name));
    const toml::node* last = table;
    for (const auto& [name, node] : *table)
      if (last == table || last->source().end < node.source().end)
        last = &node;
    for (const auto& [name, cases] : after) {
      const auto* array = table->get_as<toml::array>(name);
      if (array == nullptr)
        edits_.add_below(*last, judged_line(name, cases));
      else if (const auto found = before.find(name);
               found == before.end() || found->second != cases)
        change(*array, found == before.end() ? std::vector<std::string>() : found->second, cases,
               toml_key(name));
    }
  }

  const toml::table& table_;
  const Baseline& old_;
  const Draft& draft_;
  std::vector<const toml::table*> entries_; // in the order of the file, as those of old_
  TomlEdits edits_;
};

std::string begun(const RunResult& run) {
  const std::string target = on_one_line(run.target.name, 200);
  return fmt::format("# Accepted deviations of {}. pep554 gate compares a run with this file; "
                     "--update rewrites it\n# and keeps reasons and comments.\n",
                     target);
}

} // namespace

Result<> check_complete(const RunResult& run, const Baseline& baseline) {
  if (!run.target.unsupported_reason.empty())
    return fail("nothing was judged: " + on_one_line(run.target.unsupported_reason));
  if (run.cases.empty())
    return fail("the results have no case");
  if (run.unreached > 0)
    return fail(fmt::format("the run was interrupted: {} of {} cases were not run", run.unreached,
                            run.cases.size()));
  if (const std::string selection = selection_of(run); !selection.empty())
    return fail("only a selection was run: " + on_one_line(selection));
  std::set<std::string_view> tables;
  for (const CaseResult& one : run.cases) {
    tables.insert(table_of(one.id));
    if (one.verdict == Verdict::not_run || one.verdict == Verdict::host_fault)
      return fail(
          fmt::format("{} has no result: {}: {}", one.id, to_string(one.verdict), one.reason));
  }
  for (const Entry& entry : baseline.entries)
    if (entry.subject == Entry::Subject::property && !tables.contains(table_of(id_of(entry))))
      return fail(fmt::format("{}:{} is of a property, and none was run (--examples 0)",
                              entry.where.file, entry.where.line));
  for (const std::string& id : baseline.judged)
    if (!tables.contains(table_of(id)))
      return fail(
          fmt::format("{}:{} lists cases of \"{}\", and none of them was run; if the table is "
                      "gone, remove its line",
                      baseline.where_judged.file, baseline.where_judged.line, table_of(id)));
  return {};
}

Result<Updated> update(const std::string& text, const Baseline& baseline, const RunResult& run,
                       Date today) {
  const auto refuse = [&](const std::string& why) {
    return fail("not updated: " + why, {baseline.file});
  };
  if (const auto complete = check_complete(run, baseline); !complete)
    return refuse(complete.error().message);
  Baseline listed = baseline;
  auto versions = versions_of(baseline, run.target);
  if (!versions && !baseline.versions.empty() && !fact(run.target, "version").empty()) {
    listed.versions.push_back(new_version(baseline, run.target));
    versions = versions_of(listed, run.target);
  }
  if (!versions)
    return tl::unexpected(versions.error());
  const Draft draft = draft_of(listed, run, *versions, today);
  const std::string before = text.empty() ? begun(run) : text;
  Diagnostics diagnostics;
  const auto table = parse_toml_text(before, baseline.file, diagnostics);
  const auto after = table ? Writer(before, *table, baseline, draft).result() : std::nullopt;
  const auto again = after ? baseline_from(*after, baseline.file, diagnostics) : std::nullopt;
  if (again && content(*again) == content(draft.baseline))
    return Updated{*after, draft.changes};
  return refuse("the file is of a form that cannot be edited: expected [[deviation]], [versions] "
                "and [judged], each with lines of its own");
}

} // namespace pep554::gate
