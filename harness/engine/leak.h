// Detects leaks of a repeated program from the resource usage after each repetition. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/engine/history.h"
#include "harness/engine/program.h"

namespace pep554 {

// The growth by a repetition of an empty program, which the harness causes itself. Measured once
// per target.
struct Baseline {
  double memory = 0; // bytes
};

// The program that a baseline is measured with.
Program baseline_program();
Baseline baseline_from(const History& history);

struct Leak {
  // In words: "100.0 KiB of memory leaked per repetition, by a.run('...') (over 88 repetitions)".
  std::string text;
  // In one: "memory", "descriptors", "threads", "processes" or "files". Static storage.
  std::string_view resource;
  std::optional<StepRef> culprit; // the step with the greater part; absent where none has it
};

// Why nothing can be said about a leak; empty when it can, or when fewer repetitions are wanted
// than would show one.
std::string too_few_repetitions(const Program& program, const History& history);

// The growing resource, its growth and its step. Nothing without clear growth: a leak grows in
// every quarter of the repetitions, the first eighth left out. Of several resources, a counted one
// takes precedence over memory.
std::optional<Leak> leak_in(const Program& program, const History& history,
                            const Baseline& baseline);

} // namespace pep554
