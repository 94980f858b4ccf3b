// What is judged: the text, its clauses and the cases, loaded and checked together.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

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

// Keeps the cases whose id, or one of whose clauses, matches the shell pattern.
void select(Suite& suite, const std::string& pattern);

} // namespace pep554
