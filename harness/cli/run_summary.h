// The last lines of a command that wrote a report, and its exit code.
#pragma once

#include <filesystem>

#include "harness/cli/exit_codes.h"
#include "harness/engine/result.h"

namespace pep554 {

// Prints the claim, the cases per verdict, and where the page is.
void print_summary(const RunResult& run, const std::filesystem::path& out);

// `partial`: only a selection or other tables were run, so that conformance is not asked for.
Exit exit_of(const RunResult& run, bool partial);

} // namespace pep554
