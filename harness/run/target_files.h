// What a target consists of, so that a changed one is not taken for the same.
#pragma once

#include <string>

#include "harness/run/paths.h"
#include "harness/run/targets.h"

namespace pep554 {

// The SHA-256 (its first 16 digits) of the files that the target's command names with a directory,
// of the modules (.py, .so, .pyd) in folders that it names, and of their names below these;
// pep554's own files are left out. Of a folder only names and sizes count beyond 64 MiB. Empty when
// it names none.
std::string digest_of_files(const Target& target, const Paths& paths);

} // namespace pep554
