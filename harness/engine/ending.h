// What the end of a process says: its verdict, its words, and the last of its output. Pure.
#pragma once

#include <string>

#include "harness/engine/history.h"
#include "harness/engine/program.h"
#include "harness/engine/verdict.h"

namespace pep554 {

// The verdict of a process that ended before its program did.
Verdict verdict_of(const Ending& ending);

// How it ended, in words that follow "had no answer:", e.g. "the process was ended by SIGABRT".
std::string describe(const Ending& ending, const Limits& limits);

// The last lines of a text, at most 20 lines and 4 KiB, beginning with a whole character.
std::string tail(const std::string& text);

} // namespace pep554
