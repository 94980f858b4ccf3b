#pragma once

#include <array>
#include <csignal>

namespace pep554::host {

// What a fault of the process's own code raises.
inline constexpr std::array<int, 5> fatal_signals{SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE};

} // namespace pep554::host
