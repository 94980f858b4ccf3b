// The end of a process: its verdict, its description, and the tail of its output. Pure.
#pragma once

#include <string>

#include "harness/engine/history.h"
#include "harness/engine/program.h"
#include "harness/engine/verdict.h"

namespace pep554 {

// The verdict of a process that ended before its program did.
Verdict verdict_of(const Termination& termination);

// "SIGABRT", or "signal 77".
std::string name_of_signal(int number);

// Describes the end, as text after "had no answer:", e.g. "the process was ended by SIGABRT".
std::string describe(const Termination& termination, const Limits& limits);

// The last lines of a text, at most 20 lines and 4 KiB, beginning with a whole character.
std::string tail(const std::string& text);

} // namespace pep554
