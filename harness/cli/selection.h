// The selection of a run: what its filters select, and of that one shard.
#pragma once

#include <filesystem>
#include <string>

#include "harness/cli/suite.h"

namespace pep554 {

struct Selection {
  std::string filter;          // filters, as filter.h has them, separated by spaces; empty: all
  std::string shard;           // "I/N"; empty: not sharded
  std::filesystem::path times; // results.json of an earlier run, or its folder; may be empty
};

// Keeps the selected cases. False on a mistake; `error` is one line. A selection of nothing is
// none: see no_case_selected.
bool select(Suite& suite, const Selection& selection, std::string& error);

// Keeps the properties that the filter selects; their ids are "property.NAME".
bool select(std::vector<properties::Property>& properties, const ClauseSet& clauses,
            const Selection& selection, std::string& error);

// Why nothing is left: one line. `ids` are all that could have been meant.
std::string no_case_selected(const Selection& selection, const std::vector<std::string>& ids);

} // namespace pep554
