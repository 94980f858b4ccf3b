// Judges one target: starts it, executes every case and the examples of every property, and
// collects the results.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "harness/engine/host_process.h"
#include "harness/engine/result.h"
#include "harness/run/settings.h"
#include "harness/run/store.h"
#include "harness/run/suite.h"
#include "harness/run/targets.h"

namespace pep554 {

struct Outcome {
  enum class Problem {
    none, // whatever the verdicts
    did_not_start,
    does_not_fit, // the store that was to be continued
    not_written,  // the store
    interrupted,
  };
  // The results to report; items that were not reached are not-run.
  std::optional<RunResult> run;
  Problem problem = Problem::none;
  std::string reason; // then, one line; of a target that did not start, only why
  std::uint64_t stored_bytes = 0;
};

// What people are told meanwhile, by one thread at a time.
struct RunListener {
  std::function<void(const Hello&)> started = [](const Hello&) {};
  // Before the first item: all items, and those that were finished in an earlier part of the run.
  std::function<void(size_t total, size_t done)> begun = [](size_t, size_t) {};
  std::function<void(const CaseResult&)> finished = [](const CaseResult&) {};
  std::function<void(const std::string& what)> shrinking = [](const std::string&) {};
  std::function<void()> ended = [] {};
};

// Everything that is executed is appended to the store in `out` as it comes. With `former`, the
// store that is there, only what is missing in it is run; when nothing is, the target is not even
// started. A request through `stop` ends it early; it is made through it, too, when the store
// cannot be written. A target that says that it lacks subinterpreters altogether is not asked about
// each item: every one is unsupported, for that reason.
Outcome judge_target(const Target& target, const Suite& suite, const RunSettings& settings,
                     const Paths& paths, const std::filesystem::path& out, const Store* former,
                     std::stop_source& stop, const RunListener& listener);

} // namespace pep554
