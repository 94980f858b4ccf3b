// Several runs side by side: an index of their pages, for people and for programs.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "harness/engine/result.h"
#include "spec/result.h"

namespace pep554 {

// One target of a run over several. Its reports are in the folder `name`, beside the overview.
struct OverviewRow {
  std::string name;
  std::string target;           // as --target takes it
  std::optional<RunResult> run; // nothing when the target did not start:
  std::string problem;          // ... and why, in one line
  bool reached = true;          // false: the run was interrupted before it
};

void write_overview_page(const std::vector<OverviewRow>& rows, std::ostream& out);

// The same as JSON: {"schema": 2, "targets": [{"name", "target", "results", "problem",
// "conformant", "claim", "counts"}]}, in the order of the rows. Of a target that did not start,
// `results` and `claim` are empty, `conformant` is false, and `counts` has nothing.
std::string overview_text(const std::vector<OverviewRow>& rows);

// Writes index.html and targets.json to `dir`.
Result<> write_overview(const std::vector<OverviewRow>& rows, const std::filesystem::path& dir);

} // namespace pep554
