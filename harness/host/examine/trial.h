// A trial: one use of the plugin, in a process of its own with a deadline, so that a crash or a
// hang is a finding and does not end the examination.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "harness/host/examine/check_results.h"
#include "harness/host/examine/instrumented_plugin.h"

namespace pep554::host {

struct Trial {
  std::string_view crash_check; // the check that fails on a crash or an early exit
  std::string_view hang_check;  // ... and on a hang
  std::function<void(InstrumentedPlugin&)>
      body;           // may throw Blocked; its process has no plugin loaded yet
  bool exits = false; // the process then calls exit, which runs the plugin's exit handlers
};

struct TrialEnd {
  enum Kind { finished, blocked, crashed, hung } kind = crashed;
  std::string slot;                         // the current one, "" when none
  std::string description;                  // what happened
  std::map<std::string, std::string> facts; // reported by the trial
};

// Performs the trial, and adds its findings and its end to the results.
TrialEnd perform(const Trial& trial, ExamConfig& config, CheckResults& check_results);

} // namespace pep554::host
