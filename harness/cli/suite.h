// The suite: the text, its clauses and the cases, loaded and checked together.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cases/properties/property.h"
#include "cases/tables.h"
#include "harness/cli/paths.h"
#include "spec/clauses.h"

namespace pep554 {

struct Suite {
  ClauseSet clauses;
  std::vector<Case> cases;
};

// Loads everything. Nothing when anything is wrong; every error was then written to stderr. With
// `cases` given, tables are read from there, and need not judge every clause.
std::optional<Suite> load_suite(const Paths& paths, const std::filesystem::path& cases);

// The properties of the suite; nothing as before.
std::optional<std::vector<properties::Property>> load_properties(const Paths& paths,
                                                                 const ClauseSet& clauses);

// The clauses of the property that a finding is of, whose sentence its title ends with; of any
// other case, and when the sentence was another then, none.
std::vector<std::string> clauses_of_property(const Case& finding, const Paths& paths,
                                             const ClauseSet& clauses);

// The ids of all that the text states or implies: what every generated program judges.
std::vector<std::string> gating(const ClauseSet& clauses);

// The ids of all clauses, then those of all cases.
std::vector<std::string> ids_of(const Suite& suite);

// Writes each to stderr; whether there was any.
bool print_diagnostics(const Diagnostics& diagnostics);

// The command with what selects one case, and with a folder for its report that no other run has.
std::string alone(const std::string& command, const std::string& id);

// Whether the shell pattern matches the id of a case, or one of its clauses. Many cases are called
// like a clause: behind "case:" a pattern is compared with ids of cases only, behind "clause:" with
// clauses only.
bool selects(const std::string& pattern, const std::string& id,
             const std::vector<std::string>& clauses);

// Keeps the cases that the pattern selects.
void select(Suite& suite, const std::string& pattern);

// The sentence when that keeps none: "no case matches \"run.nmaes\" (did you mean run.names?)".
// `ids`: of the whole suite.
std::string no_case_matches(const std::string& pattern, const std::vector<std::string>& ids);

} // namespace pep554
