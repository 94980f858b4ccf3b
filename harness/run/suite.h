// The suite: the text, its clauses, the cases and the properties, loaded and checked together.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cases/properties/property.h"
#include "cases/tables.h"
#include "harness/run/paths.h"
#include "spec/clauses.h"

namespace pep554 {

struct Suite {
  ClauseSet clauses;
  std::vector<Case> cases;
  std::vector<properties::Property> properties;     // those that are selected
  std::vector<properties::Property> all_properties; // among which examples are distributed
  std::string cases_sha256; // of all cases and properties, also when only some are selected
};

// Loads everything. Every error is added to `diagnostics`; the suite is of use only when there is
// none. With `cases` given, tables are read from there, and need not judge every clause.
Suite load_suite(const Paths& paths, const std::filesystem::path& cases, Diagnostics& diagnostics);

// The clauses of the property that a finding is of; of any other case, and when there is no such
// property any more, none.
std::vector<std::string> clauses_of_property(const Case& finding, const Suite& suite);

// The ids of all that the text states or implies: what every generated program judges.
std::vector<std::string> gating(const ClauseSet& clauses);

// The ids of all clauses, then those of all cases.
std::vector<std::string> ids_of(const Suite& suite);

// The command with what selects one case, and with a folder for its report that no other run has.
std::string alone(const std::string& command, const std::string& id);

} // namespace pep554
