// Whether a reproduction that was executed has shown its failure. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/repro/script.h"

namespace pep554::repro {

// How a process ended, and what it said.
struct ScriptEnding {
  std::optional<int> status; // of exit
  std::optional<int> signal;
  bool deadline = false; // it was ended from outside; then neither of the two
  std::string output;    // of both streams
};

// What counts as showing the failure.
struct Shows {
  enum class How {
    told,  // status 1, and it says "shown:"
    late,  // status 1, and it says that time was up; or it had to be ended
    died,  // by a signal, before its last line
    left,  // with `status`, before its last line
    ended, // by a signal, or with another status than `status`, after its last line
    never, // no script shows it: a limit of the host did
  };
  How how = How::told;
  int status = 0;    // of left and ended
  std::string words; // for people: "ends with status 1 and says what was wrong"
};

// The status of a script that shows whether a process ends as it was told to.
constexpr int good_end = 3;

Shows how_shown(const CaseResult& result, const Ending& ending);

bool is_shown(const Shows& shows, const ScriptEnding& ending);

// In words, e.g. "ended by SIGABRT", "status 1: shown: a.is_running(): ...".
std::string describe(const ScriptEnding& ending);

} // namespace pep554::repro
