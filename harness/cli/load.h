// Loads what the commands need; every error is printed.
#pragma once

#include <filesystem>
#include <optional>

#include "harness/run/suite.h"

namespace pep554 {

// Writes each to stderr; whether there was any.
bool print_diagnostics(const Diagnostics& diagnostics);

// Nothing when anything in the suite is wrong. `cases`: as of load_suite.
std::optional<Suite> load_and_report(const Paths& paths, const std::filesystem::path& cases = {});

} // namespace pep554
