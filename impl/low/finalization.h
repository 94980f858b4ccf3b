// The end of one interpreter, in an order that cannot end the process.
#pragma once

#include "impl/common/python.h"

#include <cstdint>

namespace pep554 {

// Finalizes `interp`, whose id is `id`, in this OS thread: threading's and atexit's callbacks, then
// the interpreter. Nobody else may be using it. False with RuntimeError where it still has threads;
// it stays then, though callbacks that have been called are not called again.
bool finalize(PyInterpreterState* interp, int64_t id);

} // namespace pep554
