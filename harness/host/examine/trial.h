// A trial: one thing done with the plugin, in a process of its own with a deadline, so that a crash
// or a hang is a finding and not the end of the examination.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "harness/host/examine/ledger.h"
#include "harness/host/examine/patient.h"

namespace pep554::host {

struct Trial {
  std::string_view dies;              // the check that a crash, or an early exit, offends
  std::string_view hangs;             // ... and a hang
  std::function<void(Patient&)> body; // may throw Blocked; its process has no plugin loaded yet
  bool exits = false; // the process then leaves by exit, with all that the plugin hooked into it
};

struct TrialEnd {
  enum How { finished, blocked, died, hung } how = died;
  std::string slot;                         // that was under way, "" when none
  std::string words;                        // what happened
  std::map<std::string, std::string> facts; // what the trial told
};

// Performs the trial, and enters what it found, its end included.
TrialEnd perform(const Trial& trial, Bench& bench, Ledger& ledger);

} // namespace pep554::host
