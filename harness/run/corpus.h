// Stored failures: tables of cases, and folders of failures, which hold one table each.
#pragma once

#include <chrono>
#include <filesystem>
#include <vector>

#include "harness/run/property_search.h"
#include "spec/clauses.h"
#include "spec/diagnostics.h"

namespace pep554 {

// The programs of a table that belong together: each by itself, or the two of a pair.toml, which
// are compared. Every error is added to `diagnostics`.
std::vector<std::vector<Case>> read_programs(const std::filesystem::path& table,
                                             const ClauseSet& clauses, Diagnostics& diagnostics);

// Every table below the folder (*.toml), in the order of their paths; of a missing folder
// none. Every error is added to `diagnostics`.
std::vector<KnownCase> load_corpus(const std::filesystem::path& folder, const ClauseSet& clauses,
                                   Diagnostics& diagnostics);

// Gives each that has no deadline of its own this one.
void limit(std::vector<Case>& cases, std::chrono::milliseconds deadline);

} // namespace pep554
