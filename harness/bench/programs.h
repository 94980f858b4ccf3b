// The programs that are measured; floor.c makes the same calls.
#pragma once

#include <string>

#include "harness/engine/program.h"

namespace pep554::bench {

// "nothing" creates nothing and asks for the main interpreter. "life" creates an interpreter, runs
// code in it and destroys it. Throws std::invalid_argument for any other name.
Program program_called(const std::string& name);

} // namespace pep554::bench
