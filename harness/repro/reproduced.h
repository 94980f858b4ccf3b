// Decides whether an executed reproduction showed its failure. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/repro/script.h"

namespace pep554::repro {

// How the process of a script ended, and its output.
struct ScriptTermination {
  std::optional<int> status; // of exit
  std::optional<int> signal;
  bool deadline = false; // it was killed at its deadline; then neither of the two
  std::string output;    // of both streams
};

// The exit of a script that reproduces a failure.
struct ExpectedExit {
  enum class Kind {
    exit_1,       // status 1, and it prints "reproduced:"
    timeout,      // status 1, and it reports its timeout; or it was killed at the deadline
    signal,       // by `signal`, before its last line
    early_exit,   // with `status`, before its last line
    wrong_end,    // by `signal`, or with another status than `status`, after its last line
    not_possible, // a script cannot enforce the limit that was exceeded
  };
  Kind kind = Kind::exit_1;
  int status = 0; // of early_exit and wrong_end
  // For `signal` and `wrong_end`: the observed signal. Another signal is another failure, unless
  // Python's fatal error is the same: Python may crash while it prints its threads. Without a
  // number, `signal` accepts any signal, and `wrong_end` none.
  std::optional<int> signal = {};
  std::string fatal = {}; // the line "Fatal Python error: ..."; else empty
};

// The status of a script that tests the exit of its process, when the exit works.
constexpr int good_end = 3;

std::string signal_name(int signal); // "SIGABRT"

// `output`: of the process that ended so.
ExpectedExit expected_exit_of(const CaseResult& result, const Termination& termination,
                              std::string_view output = {});

bool is_reproduced(const ExpectedExit& expected, const ScriptTermination& termination);

// The termination in words, e.g. "ended by SIGABRT", "ended by SIGSEGV, where SIGABRT was seen"
// (and, if so, "after the same words: ..."), "status 1: reproduced: a.is_running(): ...".
std::string describe(const ScriptTermination& termination, const ExpectedExit& expected = {});

} // namespace pep554::repro
