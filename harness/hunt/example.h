// One example of a property: the programs that are executed for it, and what is wrong with what
// came of them. Pure.
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

// What is wrong. `signature` is what failures of one defect have in common; see signature_of.
struct Failure {
  std::string signature;
  CaseResult result;
};

// What came of programs that belong together: one, or two whose answers are compared.
struct Judgement {
  std::optional<Failure> failure;
  // The failure's, or else the gravest result's: one that was not obtained, if there is such.
  Verdict verdict = Verdict::pass;
  std::string reason;

  // Whether there is something to go by: it is not unsupported, blocked or not-run.
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
  // that the property speaks of.
  const std::vector<Case>& cases() const { return cases_; }

private:
  properties::Scenario scenario_;
  std::vector<Case> cases_;
};

// What is wrong with one case by itself, or with two whose answers are compared: equal programs, or
// such as differ in the order of steps that do not depend on each other. Where a result was not
// obtained nothing is compared, and it is no failure.
Judgement judgement_of(const std::vector<Case>& cases, const std::vector<History>& histories,
                       const Baseline& baseline);
std::optional<Failure> failure_of(const std::vector<Case>& cases,
                                  const std::vector<History>& histories, const Baseline& baseline);

// What two programs have in common that do the same under other names: operations, code, and which
// of them are about the same interpreter.
std::string shape_of(const Program& program);
std::string shape_of(const std::vector<Case>& cases); // of all their programs

} // namespace pep554
