// Statistics of generated scenarios: operations, their operands and order, snippets, lengths, ends.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "cases/properties/scenario.h"

namespace pep554::properties {

class Statistics {
public:
  void add(const Scenario& scenario, const std::string& property = "");

  size_t scenarios() const { return scenarios_; }
  // The number of scenarios with each feature: "operation create", "on dead: run",
  // "after destroy: create", "snippet raise", "lanes 2", "ends: finalize", "property ids-differ",
  // ...
  const std::map<std::string, size_t>& counts() const { return counts_; }
  double share(const std::string& what) const; // of all scenarios, 0 to 1

  // A table for people, by group.
  std::string text() const;

private:
  size_t scenarios_ = 0;
  std::map<std::string, size_t> counts_;
  std::map<size_t, size_t> lengths_; // actions, in steps of 4
};

} // namespace pep554::properties
