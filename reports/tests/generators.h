// Random results of runs: any verdict, state and kind, any text including hostile ones. Ids need
// not refer to anything.
#pragma once

#include <rapidcheck.h>

#include "harness/engine/result.h"

namespace pep554 {

rc::Gen<RunResult> arbitrary_run(); // strings are valid UTF-8
rc::Gen<RunResult> hostile_run();   // strings are any bytes, or hostile_text()

} // namespace pep554
