// Merges the results of shards and machines into those of one run. Pure.
//
// They have to be of one run: of one version of pep554, the same text and tables, one target that
// describes itself alike everywhere (its name may have other folders: `python:/usr/bin/python3` and
// `python:python3`), and shards of one number. A case has one result: two, even equal ones, are an
// error, since then the shards are not what they should be. A case that an interruption kept from
// being run counts where no other has a result of it.
#pragma once

#include <string>
#include <vector>

#include "harness/engine/result.h"

namespace pep554 {

// The results of one shard or machine.
struct PartialRun {
  std::string file; // that they were read from
  RunResult run;
};

// Why they are not of one run: one line each, which names both files and how they differ. Empty
// when they can be merged.
std::vector<std::string> merge_errors(const std::vector<PartialRun>& parts);

// The cases of all parts, which have no merge_errors, and what they say of the run. Where parts
// differ: the earliest start, the longest time, the most jobs, each description of the isolation.
// The filter is that of all parts, or none when they have different ones. Clauses and claim are
// left to be assessed; `unreached` counts the cases that no part reached.
RunResult merged(const std::vector<PartialRun>& parts);

// The shards that are missing, as "2/4", when the parts are shards.
std::vector<std::string> missing_shards(const std::vector<PartialRun>& parts);

} // namespace pep554
