// Compares the store of a run with the settings of the run that resumes it.
#pragma once

#include <string>

#include "harness/run/settings.h"
#include "harness/run/store.h"
#include "harness/run/suite.h"

namespace pep554 {

// Settings that were not given become those of the store, and the working directory its own.
// `target`: as given, or empty; null when a file names several. An error names one that was given
// and is another.
Result<> adopt(const StoreHeader& header, RunSettings& settings, std::string* target);

// The first record of a run with these settings; the target and `started` are left to be filled.
StoreHeader header_of(const Suite& suite, const RunSettings& settings);

// The error says why a run that began as `then` cannot go on as `now`. Facts of the target are
// compared only when `now` has some.
Result<> fits(const StoreHeader& then, const StoreHeader& now);

// The value of --timeout in milliseconds; 0 without the option.
std::int64_t timeout_ms(const RunSettings& settings);

} // namespace pep554
