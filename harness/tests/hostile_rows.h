// What is to come of each hostile plugin and module: data, for hostile_plugins_test.cpp. README.md
// in hostile/ shows the same as a table.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/engine/verdict.h"

namespace pep554::test {

// A case that must not pass.
struct Blame {
  std::string_view name; // of the case; "each": that of every slot; "all": every case there is
  Verdict verdict;
  std::string_view how;                     // what the reason says besides the operation
  std::string_view operation = by_its_case; // what the reason names; "": there is none to name
  static constexpr std::string_view by_its_case = "*"; // that of operation_of(name)
};

// What the harness must have, or the machine, for a row to mean anything.
enum class Needs { nothing, memory_limit, repetitions, own_shared_memory };

struct HostileRow {
  std::string_view name;                  // of the plugin
  std::vector<Blame> blamed;              // every other case passes
  std::string_view refusal = {};          // not empty: the target does not start, and this is told
  std::string_view last_stderr_line = {}; // what the output of the blamed case ends with
  Needs needs = Needs::nothing;
  Needs also_needs = Needs::nothing;

  bool needs_some(Needs what) const { return needs == what || also_needs == what; }
};

// In the order of the README.
std::span<const HostileRow> hostile_plugins();

// The cases of hostile/python/python.toml that must not pass, against the reference.
std::span<const Blame> hostile_code();

// The operation that the case of a slot is about, as reasons write it.
std::string_view operation_of(std::string_view name);

// "each" and "all" resolved: what is blamed for the cases with these names, in their order.
std::vector<Blame> blames_of(const HostileRow& row, std::span<const std::string> names);

} // namespace pep554::test
