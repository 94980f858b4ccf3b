// The results of a run in the Test Anything Protocol, for tools such as prove.
//
// The version is 13: readers of version 14 accept it, and older ones, such as Perl's before 2024,
// refuse 14. One test point for each case, in the order of the cases. Passed and observed cases are
// "ok"; everything else is "not ok", and a missing result too: to readers of TAP a skipped test is
// good, and A RESULT THAT WAS NOT OBTAINED IS NOT A PASS. So no directive (SKIP, TODO) is used, and
// a '#' in a name or a reason cannot become one.
#pragma once

#include <iosfwd>

#include "harness/engine/result.h"

namespace pep554 {

// A case that did not pass has a diagnostic block in YAML: a mapping of keys to double-quoted
// texts, each on one line, and nothing else, since Perl's reader takes "- a: b" for a mapping even
// in quotes. Text of the target is made readable. A run of no case bails out. Whether it could be
// written is the state of the stream.
void write_tap(const RunResult& run, std::ostream& out);

} // namespace pep554
