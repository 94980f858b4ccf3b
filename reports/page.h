// The results of a run as one page for people.
#pragma once

#include <iosfwd>

#include "harness/engine/result.h"

namespace pep554 {

// One HTML document that needs nothing beside itself: style and script are inside, nothing is
// loaded, and without the script all of it can still be read. Text of the target is made readable
// and escaped. A clause is found at #clause-ID, a case at #case-ID. Whether it could be written is
// the state of the stream.
void write_page(const RunResult& run, std::ostream& out);

} // namespace pep554
