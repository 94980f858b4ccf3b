// The plugin's extensions: evaluation, forks, threads.
#pragma once

namespace pep554::cpython {

// The slot get_extension.
const void* find_extension(const char* name);

} // namespace pep554::cpython
