// The tables of cases: cases/*.toml, one per operation. cases/README.md explains the format.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/engine/expectation.h"
#include "spec/clauses.h"
#include "spec/diagnostics.h"

namespace pep554 {

// Reads every table under `directory`, in the order of their names. Every error of every table is
// added to `diagnostics`, with the file as a path that begins with `display_path`; the cases are of
// use only when there is none.
std::vector<Case> load_cases(const std::filesystem::path& directory,
                             const std::string& display_path, const ClauseSet& clauses,
                             Diagnostics& diagnostics);

// Adds the cases of one table, given as text: those of the file NAME.toml that is called
// `display_path`.
void read_cases(std::string_view text, const std::string& name, const std::string& display_path,
                const ClauseSet& clauses, std::vector<Case>& cases, Diagnostics& diagnostics);

// Adds a diagnostic for every stated and implied clause that no case cites.
void check_coverage(const std::vector<Case>& cases, const ClauseSet& clauses,
                    Diagnostics& diagnostics);

} // namespace pep554
