// How a run is to be made.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace pep554 {

struct RunSettings {
  std::string filter;                  // filters, separated by spaces (filter.h); empty: everything
  std::string shard;                   // "I/N": one of N parts of that; empty: all
  std::filesystem::path times;         // results of an earlier run, which balance the shards
  std::filesystem::path cases;         // other tables than the suite's own; empty: those
  unsigned jobs = 0;                   // hosts at once; 0: as many as there are cores
  unsigned repeat = 1;                 // executions of each case; more than one finds flaky cases
  double timeout_seconds = 0;          // for each program; 0: the case's own
  double startup_timeout_seconds = 60; // for a host to have started its target
  bool network = false;                // whether what cases run may open sockets beyond the machine
  std::string isolation;               // as describe_isolation has it, for the results
  std::uint64_t seed = 20170905;
  std::uint64_t examples = 500; // generated, of all properties together; 0: none
  double seconds = 0;           // no example is begun after that; 0: no end
  double shrink_seconds = 5;    // for each kind of failure
};

} // namespace pep554
