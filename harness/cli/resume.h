// Compares the journal of a run with the options of the run that resumes it.
#pragma once

#include <optional>
#include <string>

#include "harness/cli/commands.h"
#include "harness/cli/suite.h"
#include "reports/journal.h"

namespace pep554 {

// The SHA-256 of all that the cases ask for, and of all that their results repeat of them.
std::string cases_sha256(const Suite& suite);

// Options that were not given become those of the journal, and the working directory its own. False
// when one that was given is another; `error` then says which, in one line.
bool adopt(const JournalStart& start, RunOptions& options, std::string& error);

// The first record of a run with these options; `target` and `started` are left to be filled.
JournalStart start_of(const Suite& suite, const RunOptions& options);

// Why a run that began as `then` cannot go on as `now`: one sentence, or empty when it can. Facts
// of the target are compared only when `now` has some.
std::string mismatch(const JournalStart& then, const JournalStart& now);

// The value of --timeout in milliseconds; 0 without the option.
std::int64_t timeout_ms(const RunOptions& options);

// The command that finishes the run.
std::string resume_command(const RunOptions& options);

} // namespace pep554
