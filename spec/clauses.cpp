#include "spec/clauses.h"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "spec/text.h"
#include "spec/toml_reader.h"

namespace pep554 {
namespace {

bool well_formed(std::string_view id) {
  const auto ok = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  };
  const size_t dot = id.find('.');
  return dot != std::string_view::npos && dot > 0 && dot + 1 < id.size() && dot == id.rfind('.') &&
         std::ranges::all_of(id, ok);
}

std::optional<ClauseKind> kind_from(std::string_view name) {
  for (const ClauseKind kind : {ClauseKind::stated, ClauseKind::implied, ClauseKind::open})
    if (to_string(kind) == name)
      return kind;
  return std::nullopt;
}

// Checks the keys that each kind of clause requires or forbids.
void check_shape(const Clause& clause, TableReader& reader) {
  if (clause.kind == ClauseKind::stated && clause.quote.empty())
    reader.report("quote", "a stated clause needs \"quote\" = the words that state it");
  const bool implied = clause.kind == ClauseKind::implied;
  if (implied && clause.follows_from.empty())
    reader.report("from", "an implied clause needs \"from\" = the ids it follows from");
  if (implied && clause.reasoning.empty())
    reader.report("reasoning", "an implied clause needs \"reasoning\" = why it follows");
  if (!implied && !clause.follows_from.empty())
    reader.report("from", "only an implied clause follows \"from\" others");
}

Clause read_clause(const toml::table& table, const std::string& display_path,
                   Diagnostics& diagnostics) {
  TableReader reader(table, display_path, diagnostics);
  Clause clause;
  clause.where = reader.where();
  clause.id = reader.required("id");
  if (!clause.id.empty() && !well_formed(clause.id))
    reader.report("id", fmt::format("\"{}\": expected an id such as \"destroy.removes\": lower "
                                    "case, digits, '-', '_' and one dot",
                                    clause.id));
  const std::string kind = reader.required("class");
  const auto known = kind_from(kind);
  if (known)
    clause.kind = *known;
  else if (!kind.empty())
    reader.report("class",
                  fmt::format("\"{}\": expected \"stated\", \"implied\" or \"open\"", kind));
  clause.summary = reader.required("summary");
  clause.quote = reader.text("quote").value_or("");
  clause.reasoning = reader.text("reasoning").value_or("");
  clause.follows_from = reader.texts("from").value_or(std::vector<std::string>{});
  if (known)
    check_shape(clause, reader);
  reader.finish();
  return clause;
}

Exclusion read_exclusion(const toml::table& table, const std::string& display_path,
                         Diagnostics& diagnostics) {
  TableReader reader(table, display_path, diagnostics);
  Exclusion exclusion{reader.required("quote"), reader.required("reason"), reader.where()};
  reader.finish();
  return exclusion;
}

void check_ids(const ClauseSet& set, Diagnostics& diagnostics) {
  std::map<std::string_view, const Clause*> seen;
  for (const Clause& clause : set.clauses) {
    const auto [other, fresh] = seen.emplace(clause.id, &clause);
    if (!fresh && !clause.id.empty())
      diagnostics.add(clause.where, fmt::format("duplicate id \"{}\": first used in line {}",
                                                clause.id, other->second->where.line));
  }
  for (const Clause& clause : set.clauses)
    for (const std::string& id : clause.follows_from)
      if (!seen.contains(id) || id == clause.id)
        diagnostics.add(clause.where, fmt::format("\"{}\" follows from \"{}\": expected the id of "
                                                  "another clause",
                                                  clause.id, id));
}

// Marks every place where `quote` stands; false when it stands nowhere.
bool mark(std::string_view part, std::string_view quote, std::vector<bool>& quoted) {
  bool found = false;
  for (size_t at = part.find(quote); at != std::string_view::npos; at = part.find(quote, at + 1)) {
    std::fill_n(quoted.begin() + static_cast<std::ptrdiff_t>(at), quote.size(), true);
    found = true;
  }
  return found;
}

// The first words of a sentence that no clause quotes; empty when all are quoted.
std::string unquoted(std::string_view sentence, size_t offset, const std::vector<bool>& quoted) {
  for (size_t i = 0; i < sentence.size(); ++i)
    if (sentence[i] != ' ' && !quoted[offset + i])
      return std::string(sentence.substr(i, 60));
  return {};
}

} // namespace

std::string_view to_string(ClauseKind kind) {
  switch (kind) {
  case ClauseKind::stated:
    return "stated";
  case ClauseKind::implied:
    return "implied";
  case ClauseKind::open:
    return "open";
  }
  return {};
}

std::optional<ClauseKind> clause_kind_from(std::string_view name) {
  const auto found =
      std::ranges::find_if(clause_kinds, [&](ClauseKind kind) { return to_string(kind) == name; });
  return found == clause_kinds.end() ? std::nullopt : std::optional(*found);
}

const Clause* ClauseSet::find(std::string_view id) const {
  const auto found = std::ranges::find(clauses, id, &Clause::id);
  return found == clauses.end() ? nullptr : &*found;
}

std::vector<std::string> ClauseSet::ids() const {
  std::vector<std::string> ids;
  ids.reserve(clauses.size());
  for (const Clause& clause : clauses)
    ids.push_back(clause.id);
  return ids;
}

ClauseSet load_clauses(const std::filesystem::path& path, const std::string& display_path,
                       Diagnostics& diagnostics) {
  ClauseSet set;
  const auto table = parse_toml(path, display_path, diagnostics);
  if (!table)
    return set;
  TableReader reader(*table, display_path, diagnostics);
  for (const toml::table* entry : reader.tables("clause"))
    set.clauses.push_back(read_clause(*entry, display_path, diagnostics));
  for (const toml::table* entry : reader.tables("excluded"))
    set.exclusions.push_back(read_exclusion(*entry, display_path, diagnostics));
  reader.finish();
  check_ids(set, diagnostics);
  return set;
}

void check_quotes(const ClauseSet& set, std::string_view text, const std::string& display_path,
                  Diagnostics& diagnostics) {
  const std::string_view part = normative_part(text);
  std::vector<bool> quoted(part.size(), false);
  const auto check = [&](const std::string& quote, const Source& where) {
    if (!quote.empty() && !mark(part, quote, quoted))
      diagnostics.add(where, fmt::format("not verbatim in the text: \"{}\"", quote));
  };
  for (const Clause& clause : set.clauses)
    check(clause.quote, clause.where);
  for (const Exclusion& exclusion : set.exclusions)
    check(exclusion.quote, exclusion.where);
  if (part.empty())
    diagnostics.add({display_path, 0, 0}, "expected the headings Abstract, Proposal and Copyright");
  for (const std::string_view sentence : sentences(part)) {
    const auto offset = static_cast<size_t>(sentence.data() - part.data());
    const std::string rest = unquoted(sentence, offset, quoted);
    if (!rest.empty())
      diagnostics.add({display_path, 0, 0},
                      fmt::format("quoted by no clause and not excluded: \"{}\" in "
                                  "\"{}\"",
                                  rest, sentence));
  }
}

} // namespace pep554
