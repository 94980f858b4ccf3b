// The clauses: what the text asks for, one statement each, with the words that say so.
// Read from spec/clauses.toml, whose head explains the format.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/diagnostics.h"

namespace pep554 {

enum class ClauseKind {
  stated,  // the quote states it
  implied, // follows from other clauses, by the reasoning given
  open,    // the text is silent: observed, never judged
};

// In the order in which reports name them. Only the first two decide.
inline constexpr std::array clause_kinds{ClauseKind::stated, ClauseKind::implied, ClauseKind::open};

std::string_view to_string(ClauseKind kind); // its name here
std::optional<ClauseKind> clause_kind_from(std::string_view name);

struct Clause {
  std::string id; // "destroy.removes"
  ClauseKind kind = ClauseKind::stated;
  std::string quote;                     // verbatim; empty where nothing is quoted
  std::string summary;                   // what must hold, or the open question, as a sentence
  std::string reasoning;                 // of implied clauses
  std::vector<std::string> follows_from; // of implied clauses: ids
  Source where;
};

// A sentence of the text that asks for nothing that could be judged, and why.
struct Exclusion {
  std::string quote;
  std::string reason;
  Source where;
};

struct ClauseSet {
  std::vector<Clause> clauses; // in the order of the file, which is the order of the text
  std::vector<Exclusion> exclusions;

  const Clause* find(std::string_view id) const; // null when there is none
  std::vector<std::string> ids() const;          // of the clauses, in their order
};

// Reads and checks the file: ids are well-formed and used once, each kind has what it needs, what a
// clause follows from exists. Every error is added to `diagnostics`.
ClauseSet load_clauses(const std::filesystem::path& path, const std::string& display_path,
                       Diagnostics& diagnostics);

// Holds the clauses against the text: every quote is verbatim in its normative part, and every word
// of every sentence is quoted by a clause or an exclusion. Errors are added to `diagnostics`.
void check_quotes(const ClauseSet& set, std::string_view text, const std::string& display_path,
                  Diagnostics& diagnostics);

} // namespace pep554
