// The exit codes of pep554, which README.md repeats. `pep554 doctor` returns 0 without errors, and
// 1 with some. `pep554 gate`, and `run --baseline`, return 0 when everything is as the baseline
// expects, 1 when something is not, and 2 when the baseline or the results cannot be used;
// `pep554 diff` returns 1 when something changed for the worse.
#pragma once

namespace pep554 {

enum class Exit : int {
  conformant = 0,     // everything selected was judged, and passed
  not_conformant = 1, // something was not, or did not
  usage = 2,          // wrong usage, or bad input
  no_target = 3,      // the target did not start
  nothing_run = 4,    // no case was selected, or of what was found before none could be judged
  harness_fault = 5,  // results could not be written, or a fault of ours
  interrupted = 6,    // Ctrl-C, SIGTERM or SIGHUP before every case was run
};

} // namespace pep554
