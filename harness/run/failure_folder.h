// A counterexample on disk: a folder of its own below `failures`, with its program as a table of
// cases (finding.toml; pair.toml where two are compared) and its history (history.json, the
// second's is history-2.json), with the baseline and the deadline that it was judged with.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/run/counterexample.h"
#include "spec/clauses.h"

namespace pep554 {

// The folder of this counterexample: named after its signature, with a number where another shape
// with the same signature has the name already. A smaller counterexample replaces a larger one that
// is not fully shrunk (which has a file `unfinished`).
std::filesystem::path folder_for(const Counterexample& one, const std::filesystem::path& failures,
                                 const ClauseSet& clauses);

// `about` is the table's first line.
Result<> write_failure(const Counterexample& one, const std::filesystem::path& folder,
                       const std::string& about);

// The data to judge a counterexample again.
struct Stored {
  std::vector<History> histories;
  Baseline baseline;
  std::optional<std::chrono::milliseconds> limit; // the deadline; else that of the cases
};

// The histories of these cases, one or two, as write_failure wrote them. An error when one cannot
// be read, or is of another program.
Result<Stored> read_histories(const std::filesystem::path& folder, const std::vector<Case>& cases);

} // namespace pep554
