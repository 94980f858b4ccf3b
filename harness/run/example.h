// One example of a property: its programs, and the judgement of their histories. Pure.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cases/properties/property.h"
#include "cases/properties/scenario.h"
#include "harness/engine/history.h"
#include "harness/engine/leak.h"
#include "harness/engine/result.h"

namespace pep554 {

// A failure. Failures of one defect have the same signature; see signature_of.
struct Failure {
  std::string signature;
  CaseResult result;
};

// The judgement of one program, or of two whose answers are compared.
struct Judgement {
  std::optional<Failure> failure;
  // The failure's, or else the worst result's: a missing one, if there is one.
  Verdict verdict = Verdict::pass;
  std::string reason;

  // Whether a result was obtained: it is not unsupported, blocked or not-run.
  bool is_obtained() const;
};

class Example {
public:
  // Judges `clauses` and those of the property.
  Example(const properties::Property& property, properties::Scenario scenario,
          const std::vector<std::string>& clauses)
      : Example(property, property.check, std::move(scenario), clauses) {}
  // Held against `check` instead of the property's own.
  Example(const properties::Property& property, properties::Check check,
          properties::Scenario scenario, const std::vector<std::string>& clauses);

  const properties::Scenario& scenario() const { return scenario_; }
  // One, or two where the answers of two programs are compared. None when there is nothing in it
  // of the property's subject.
  const std::vector<Case>& cases() const { return cases_; }

private:
  properties::Scenario scenario_;
  std::vector<Case> cases_;
};

// Judges one case, or compares two: equal programs, or programs that differ in the order of
// independent steps. Without a result nothing is compared, and there is no failure.
Judgement judgement_of(const std::vector<Case>& cases, const std::vector<History>& histories,
                       const Baseline& baseline);
std::optional<Failure> failure_of(const std::vector<Case>& cases,
                                  const std::vector<History>& histories, const Baseline& baseline);

// The shape of a program, which is equal for programs that differ only in names: operations, code,
// and which operations concern the same interpreter.
std::string shape_of(const Program& program);
std::string shape_of(const std::vector<Case>& cases); // of all their programs

} // namespace pep554
