// Looks for programs that a target does not survive, or answers wrongly: generates scenarios,
// judges their histories, and shrinks what fails to the few actions that matter. One defect, one
// finding.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cases/properties/generator.h"
#include "harness/engine/result.h"
#include "harness/engine/scheduler.h"

namespace pep554 {

struct HuntOptions {
  std::uint64_t seed = 0;
  std::uint64_t examples = 0;
  std::chrono::milliseconds shrinking{30'000}; // for each finding
  size_t most_findings = 10;                   // more are counted, and not shrunk
  std::vector<std::string> clauses;            // that every program judges
};

struct Counterexample {
  std::string signature;      // see signature_of
  std::uint64_t example = 0;  // of the first that showed it
  std::uint64_t examples = 0; // how many showed it
  properties::Scenario scenario;
  Case smallest;      // its case
  CaseResult result;  // of that
  History history;    // of that
  size_t tried = 0;   // programs, to make it small
  unsigned shown = 0; // of `tries` executions of the smallest, those that showed it
  unsigned tries = 0;
  bool exhausted = false; // there was no time to make it as small as can be
};

class Hunt {
public:
  // Each is called by one thread at a time.
  struct Listener {
    std::function<void(std::uint64_t done)> example = [](std::uint64_t) {};
    std::function<void(const std::string& signature, std::uint64_t example)> found =
        [](const std::string&, std::uint64_t) {};
    std::function<void(const Counterexample&)> shrunk = [](const Counterexample&) {};
  };

  // The scheduler has been started, and outlives this.
  Hunt(Scheduler& scheduler, HuntOptions options, Listener listener);

  // Once. In the order of their examples. When the scheduler is stopped meanwhile, what was found
  // until then, as small as it had become.
  std::vector<Counterexample> run();
  // Examples of which the target lacks something: nothing was judged.
  std::uint64_t unsupported() const { return unsupported_; }

private:
  Case case_of(const properties::Scenario& scenario) const;
  std::string judged(const Case& subject, const History& history) const;
  void take(std::uint64_t example, const History& history);
  void shrink(Counterexample& finding);
  bool shows(Counterexample& finding, const properties::Scenario& scenario);
  void confirm(Counterexample& finding);

  Scheduler& scheduler_;
  const HuntOptions options_;
  const Listener listener_;
  std::uint64_t done_ = 0;
  std::uint64_t unsupported_ = 0;
  std::map<std::string, Counterexample> findings_; // by signature
};

} // namespace pep554
