// Selects the adapter of the loaded Python by the modules that it has.
#pragma once

#include <string>

#include "harness/plugins/cpython/options.h"

namespace pep554::cpython {

// For adapter=auto: "" when the module `interpreters` itself can be imported, else the first
// adapter of the file `order` in the folder of the adapters whose module this Python has. A child
// process looks, because the module path is settled for good when a runtime starts. load_python
// came before, and the process has one thread. Throws StartError when there is none, or no such
// file.
std::string choose_adapter(const Settings& settings);

} // namespace pep554::cpython
