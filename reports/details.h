// What a case that did not pass did, as plain text: for logs, where no page is at hand.
#pragma once

#include <string>

#include "harness/engine/result.h"

namespace pep554 {

// Its steps, attempts, stack traces, last output and replay command, each on lines of its own.
// Texts of the target are as they are: make it readable (spec/readable.h) before it is shown.
std::string details_of(const CaseResult& result);

} // namespace pep554
