// The end of one interpreter, in an order that cannot end the process.
#pragma once

#include "impl/low/registry.h"

#include <cstdint>

namespace pep554 {

// Finalizes `interp`, whose id is `id`, in this OS thread: threading's and atexit's callbacks, then
// the interpreter. `record` is its record; no other thread may be using either. False with
// RuntimeError where it still has threads; it stays then, though callbacks that have been called
// are not called again.
bool finalize(PyInterpreterState* interp, int64_t id, Record& record);

} // namespace pep554
