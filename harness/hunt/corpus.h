// What was found before: tables of cases, and the folders of failures, which hold one each.
#pragma once

#include <filesystem>
#include <vector>

#include "harness/hunt/hunt.h"
#include "spec/clauses.h"
#include "spec/diagnostics.h"

namespace pep554 {

// Every table below the folder (*.toml), in the order of their paths; of a folder that is not there
// none. Tables of two programs that are compared (pair.toml) are left out. Every error is added to
// `diagnostics`.
std::vector<KnownCase> load_corpus(const std::filesystem::path& folder, const ClauseSet& clauses,
                                   Diagnostics& diagnostics);

} // namespace pep554
