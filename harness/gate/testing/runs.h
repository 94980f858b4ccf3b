// Results made by hand, for the tests of the gate.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/engine/result.h"
#include "harness/gate/baseline.h"

namespace pep554::gate::test {

// The day of the tests.
constexpr Date now = std::chrono::year(2026) / 11 / 29;

// A baseline without errors, in the file b.toml.
inline Baseline read_text(const std::string& text) {
  Diagnostics diagnostics;
  const auto baseline = baseline_from(text, "b.toml", diagnostics);
  for (const Error& one : diagnostics.sorted())
    ADD_FAILURE() << pep554::to_string(one) << "\n" << text;
  return baseline.value_or(Baseline{});
}

// A case with this signature, whose first word is its verdict; "pass" and "observed" have none.
inline CaseResult one_case(const std::string& id, const std::string& signature,
                           std::vector<std::string> clauses = {}) {
  CaseResult result;
  result.id = id;
  result.verdict = verdict_from(signature.substr(0, signature.find(' '))).value();
  result.clauses = std::move(clauses);
  if (result.verdict != Verdict::pass && result.verdict != Verdict::observed) {
    result.signature = signature;
    result.reason = "why " + id;
  }
  return result;
}

// A full run of these cases.
inline RunResult run_of(std::vector<CaseResult> cases, const std::string& version = "") {
  RunResult run;
  run.target.name = "plugin:mine.so";
  if (!version.empty())
    run.target.facts = {{"implementation", "mine"}, {"version", version}};
  std::ranges::sort(cases, {}, &CaseResult::id);
  run.cases = std::move(cases);
  return run;
}

} // namespace pep554::gate::test
