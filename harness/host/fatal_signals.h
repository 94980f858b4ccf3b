#pragma once

#include <array>
#include <csignal>

namespace pep554::host {

// The signals of faults in the process's own code.
inline constexpr std::array<int, 5> fatal_signals{SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE};

} // namespace pep554::host
