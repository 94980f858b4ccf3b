// The results of a run as JUnit XML, for CI services that show such files.
//
// JUnit knows pass, failure, error and skipped only. Of our verdicts fail becomes a failure; crash,
// hang, limit-exceeded, leak, flaky, broken-at-exit and host-fault an error; unsupported, blocked
// and not-run are skipped. A SKIPPED TEST IS NOT A PASS: the result was not obtained, the claim of
// the run counts it as missing, and the exit code of the program says so, whatever colour a CI
// service gives it. observed is a plain testcase whose system-out says that nothing was judged.
#pragma once

#include <iosfwd>

#include "harness/engine/result.h"

namespace pep554 {

// One testsuite per table of cases, in the order of the cases. But for `file` and `line` of a
// testcase it is valid under the published schema of Jenkins (see README.md), therefore the message
// of a skipped is its text, and sentence and clauses of a case stand in its system-out: neither has
// an attribute or an element there. Text is made readable. Whether it could be written is the state
// of the stream.
void write_junit(const RunResult& run, std::ostream& out);

} // namespace pep554
