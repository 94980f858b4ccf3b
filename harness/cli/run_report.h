// What the terminal shows of the results of a run.
#pragma once

#include <cstdint>
#include <filesystem>

#include "harness/cli/exit_codes.h"
#include "harness/engine/result.h"
#include "harness/run/paths.h"

namespace pep554 {

// What did not pass, the target, the claim, the counts, and where the reports (if `out` is not
// empty) and the histories are; `stored_bytes`: of these.
void print_summary(const RunResult& run, const std::filesystem::path& out,
                   const std::filesystem::path& store, std::uint64_t stored_bytes);

// `partial`: only some of the suite's items, or other ones, were asked for.
Exit exit_of(const RunResult& run, bool partial);

// Judges the stored histories of a run again, prints what did not pass and the summary, and writes
// the reports to `out`, if it is given.
Exit judge_run(const std::filesystem::path& folder, const std::filesystem::path& out,
               const Paths& paths);

} // namespace pep554
