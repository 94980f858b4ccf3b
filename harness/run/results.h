// From executions to results: the one way, for a run under way and for one that was stored. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/engine/attempts.h"
#include "harness/engine/result.h"
#include "harness/run/example.h"
#include "harness/run/store.h"
#include "harness/run/suite.h"

namespace pep554 {

// The execution of a case of the tables, judged. Not run when the case has another program now.
CaseAttempt attempt_of(const Case& subject, const Execution& execution);

// What the examples of one property showed.
class PropertyEvidence {
public:
  // Every generated program judges all stated and implied clauses. The property and the set outlive
  // this.
  PropertyEvidence(const properties::Property& property, const ClauseSet& clauses)
      : property_(&property), set_(&clauses), clauses_(gating(clauses)) {}

  // An execution of an example of this property, or of what one was shrunk to.
  void add(const Execution& execution);

  // At what was shrunk to this scenario.
  std::vector<CaseAttempt> attempts(const properties::Scenario& scenario) const;

  // A failure is the worst one of what was shrunk, retried as a case is; else the first example
  // that failed. It is against the clauses that it violates (repro/violated_clauses.h): a program
  // may fail in an operation that is not the property's subject. Without a failure it is a pass
  // when something was judged, and nothing is missing but what the target does not support.
  // `unsupported`: why the target was not asked at all.
  CaseResult result(std::uint64_t seed, const std::string& unsupported) const;

private:
  struct Shrunk {
    Execution first; // without its histories
    std::vector<CaseAttempt> attempts;
  };
  void add_smallest(const Execution& execution, CaseAttempt attempt);
  std::vector<std::string> violated(const std::vector<Case>& cases, const Execution& execution,
                                    const CaseResult& failure) const;
  CaseResult failure() const;

  const properties::Property* property_;
  const ClauseSet* set_;
  std::vector<std::string> clauses_;
  PropertyResult counts_;
  std::vector<Shrunk> smallest_;
  std::map<std::uint64_t, CaseResult> failures_; // of examples, by number
  Verdict missing_ = Verdict::pass;              // the worst result that was not obtained
  std::string why_missing_;
  std::int64_t microseconds_ = 0;
};

// The id of a property as an item of the results.
std::string item_of(const properties::Property& property);

// The cases with this deadline; 0: with their own.
std::vector<Case> with_deadline(std::vector<Case> cases, std::int64_t deadline_ms);

// The cases with the deadline that the execution had; none when their programs are others now.
std::vector<Case> as_executed(std::vector<Case> cases, const Execution& execution);

// The command that runs an item alone, under the same conditions, from any directory.
std::string replay_command(const StoreHeader& header, const std::string& item);

// Everything that a run has seen, judged.
class RunEvidence {
public:
  // The suite has the items that were selected, and outlives this. Its properties count only when
  // examples of them were asked for.
  RunEvidence(const Suite& suite, bool has_properties);

  void add(const Execution& execution); // one of another item is left alone

  const std::vector<CaseAttempt>& attempts(const std::string& id) const; // at a case of the suite
  CaseResult case_result(const StoreHeader& header, const std::string& id) const;
  CaseResult property_result(const StoreHeader& header, const std::string& id) const;
  std::vector<CaseAttempt> property_attempts(const std::string& id,
                                             const properties::Scenario& scenario) const;

  // Every item; one that was not executed is not run, and neither is a property whose examples were
  // not all executed (`complete`), unless one has failed. Without time and assessment.
  RunResult result(const StoreHeader& header, bool complete) const;

private:
  struct Subject {
    const Case* subject;
    std::vector<CaseAttempt> attempts;
  };
  const Suite& suite_;
  std::map<std::string, Subject> cases_;
  std::map<std::string, PropertyEvidence> properties_;
};

// The results of a stored run, assessed, as they were when it ended.
RunResult results_of(const Store& store, const Suite& suite);

} // namespace pep554
