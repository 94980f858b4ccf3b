// The expected answers of a case's steps. An expectation states only what its clauses support; a
// step without one prepares the case and is not judged.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/engine/program.h"
#include "spec/diagnostics.h"

namespace pep554 {

// Texts may hold {NAME.id} (the id of a handle bound in the case) and {lane.thread} (native thread
// id of the lane of the step, as text).
struct Expectation {
  enum class Outcome { ok, raises, any };
  Outcome outcome = Outcome::ok;
  std::optional<std::string> category; // with raises, where a clause supports it
  std::optional<bool> truth;           // is_running
  std::optional<std::string> same;     // one interpreter, or an id: equal to this handle's
  std::vector<std::string> differs;    // ... and to none of these handles'
  std::optional<std::vector<std::string>> exactly; // enumerate: these handles, each once, no other
  std::vector<std::string> contains;               // enumerate: each of these exactly once
  std::vector<std::string> excludes;               // enumerate: none of these
  std::optional<std::vector<std::string>> emits;   // emissions of this step's code, in order
  std::vector<std::string> during;                 // emitted by anyone before this step answered
  bool operator==(const Expectation&) const = default;
};

struct Case {
  std::string id;    // "destroy.removes-from-list": the table's name, a dot, the row's name
  std::string title; // a sentence
  std::vector<std::string> clauses;
  std::string property; // of a finding: the name of the property that it is of; else empty
  bool open = false;    // cites only open clauses: observed, not judged
  Program program;
  // expectations[lane][step]; empty where a step only prepares.
  std::vector<std::vector<std::optional<Expectation>>> expectations;
  Source where;
};

// The expectation in words, e.g. "raises", "lists exactly main, a", "True"; for pages and messages.
std::string describe(const Expectation& expectation);

} // namespace pep554
