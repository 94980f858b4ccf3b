// The properties of a run: executes their examples, shrinks failures, and retries what they were
// shrunk to as a case is retried.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/engine/attempts.h"
#include "harness/engine/scheduler.h"
#include "harness/run/counterexample.h"
#include "harness/run/paths.h"
#include "harness/run/settings.h"
#include "harness/run/store.h"
#include "harness/run/suite.h"
#include "harness/run/targets.h"

namespace pep554 {

// None of these is called by two threads at a time.
struct PropertyRunListener {
  std::function<void(const Execution&)> executed; // add it to the evidence
  // Of the evidence, at what was shrunk to this scenario.
  std::function<std::vector<CaseAttempt>(const std::string& item, const properties::Scenario&)>
      attempts;
  std::function<void(const std::string& signature)> shrinking;
};

class PropertyRun {
public:
  // All but the settings is borrowed. The suite has the properties that were selected, which get
  // the examples that they have among all (Suite::all_properties). Failures are stored in
  // `failures` below `out`; without `out` they are not.
  PropertyRun(Scheduler& scheduler, const Target& target, const Suite& suite,
              const RunSettings& settings, const Paths& paths, const Baseline& baseline,
              std::filesystem::path out, const PropertyRunListener& listener);

  // Once. Examples among `former` are not executed again. Ends early when the scheduler is stopped.
  void run(const std::vector<Execution>& former);

private:
  void settle(const Counterexample& one);
  Execution stored_finding(const Counterexample& one) const;

  Scheduler& scheduler_;
  const Target& target_;
  const Suite& suite_;
  const RunSettings settings_;
  const Paths& paths_;
  const Baseline& baseline_;
  const std::filesystem::path out_;
  const PropertyRunListener& listener_;
};

} // namespace pep554
