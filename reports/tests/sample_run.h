// Results made by hand in which every verdict, state and kind of clause occurs, and hostile text
// too. The approved samples are its reports.
#pragma once

#include "harness/engine/result.h"

namespace pep554 {

RunResult sample_run();     // not conformant
RunResult conformant_run(); // without a failure

} // namespace pep554
