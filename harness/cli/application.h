// The command line of pep554: what it asks for.
#pragma once

#include <variant>

#include "harness/cli/subcommands.h"

namespace pep554 {

// What to do; or the exit code when nothing is left to be done, since help or a mistake was
// printed.
std::variant<Exit, Action> read_command_line(int argc, char** argv);

} // namespace pep554
