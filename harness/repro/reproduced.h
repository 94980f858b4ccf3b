// Decides whether an executed reproduction showed its failure. Pure.
#pragma once

#include <optional>
#include <string>

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
  // For `signal` and `wrong_end`: the observed signal. The signals of crashes (SIGSEGV, SIGABRT and
  // the like) stand for each other, since memory that was corrupted ends a process by any of them;
  // every other signal is another failure. Without a number, `signal` accepts any signal, and
  // `wrong_end` none.
  std::optional<int> signal = {};
};

// The status of a script that tests the exit of its process, when the exit works.
constexpr int good_end = 3;

std::string signal_name(int signal); // "SIGABRT"

ExpectedExit expected_exit_of(const CaseResult& result, const Termination& termination);

bool is_reproduced(const ExpectedExit& expected, const ScriptTermination& termination);

// The termination in words, e.g. "ended by SIGABRT", "by another signal (SIGSEGV, where SIGABRT was
// seen)", "ended by SIGKILL, where SIGABRT was seen", "status 1: reproduced: a.is_running(): ...".
std::string describe(const ScriptTermination& termination, const ExpectedExit& expected = {});

} // namespace pep554::repro
