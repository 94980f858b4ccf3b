// What a repeated program leaves behind each time, from what its process held after each
// repetition. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/engine/history.h"
#include "harness/engine/program.h"

namespace pep554 {

// What a repetition of a program that asks nothing of the target leaves behind: the harness's own
// share. Measured once a target.
struct Baseline {
  double memory = 0; // bytes
};

// The program that a baseline is measured with.
Program baseline_program();
Baseline baseline_from(const History& history);

struct Leak {
  // In words: "100.0 KiB of memory stay behind each time, by a.run('...') (over 88 repetitions)".
  std::string text;
  // In one: "memory", "descriptors", "threads", "processes" or "files". Static storage.
  std::string_view resource;
  std::optional<StepRef> culprit; // the step with the greater part; absent where none has it
};

// What grows, by how much, and in which step. Nothing when nothing grows, or when it is not clear:
// a leak grows in every quarter of the repetitions, the first eighth of them left out. Of several
// resources the one that is counted before the one that is weighed.
std::optional<Leak> leak_in(const Program& program, const History& history,
                            const Baseline& baseline);

} // namespace pep554
