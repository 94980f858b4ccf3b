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
    died,  // by `signal`, before its last line
    left,  // with `status`, before its last line
    ended, // by `signal`, or with another status than `status`, after its last line
    never, // no script shows it: a limit of the host did
  };
  How how = How::told;
  int status = 0; // of left and ended
  // Of died and ended, the one that was seen: another one is another failure, unless Python gave up
  // with the same words, and came to grief as it told where its threads are. Without it died is any
  // signal, and ended none.
  std::optional<int> signal = {};
  std::string fatal = {}; // these words: "Fatal Python error: ..."; else empty
};

// The status of a script that shows whether a process ends as it was told to.
constexpr int good_end = 3;

std::string signal_name(int signal); // "SIGABRT"

// `said`: what the process printed that ended so.
Shows how_shown(const CaseResult& result, const Ending& ending, std::string_view said = {});

bool is_shown(const Shows& shows, const ScriptEnding& ending);

// In words, e.g. "ended by SIGABRT", "ended by SIGSEGV, where SIGABRT was seen" (and, if so, "after
// the same words: ..."), "status 1: shown: a.is_running(): ...".
std::string describe(const ScriptEnding& ending, const Shows& shows = {});

} // namespace pep554::repro
