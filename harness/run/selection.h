// The selection of a run: what its filters select, and of that one shard.
#pragma once

#include <filesystem>
#include <string>

#include "harness/run/suite.h"

namespace pep554 {

struct Selection {
  std::string filter;          // filters, as filter.h has them, separated by spaces; empty: all
  std::string shard;           // "I/N"; empty: not sharded
  std::filesystem::path times; // results.json of an earlier run, or its folder; may be empty
};

// Keeps the selected cases and properties, whose ids are "property.NAME". A selection of
// nothing is no error: see nothing_selected.
Result<> select(Suite& suite, const Selection& selection);

// Why nothing is left: one line. `ids` are all that could have been meant.
std::string nothing_selected(const Selection& selection, const std::vector<std::string>& ids);

} // namespace pep554
