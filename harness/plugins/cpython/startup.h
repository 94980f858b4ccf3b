// Starts CPython so that nothing of the machine or the user shows: a clean environment, no site
// module, and the standard library that belongs to the libpython.
#pragma once

#include "harness/plugins/cpython/options.h"

namespace pep554::cpython {

// Initializes the runtime on this thread, which holds the GIL afterwards. load_python came before.
// Throws StartError.
void initialize(const Settings& settings);

} // namespace pep554::cpython
