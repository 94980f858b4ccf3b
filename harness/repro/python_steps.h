// The steps of a program as statements of Python, with checks of what is expected.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/repro/module_api.h"
#include "harness/repro/script.h"

namespace pep554::repro {

// The helpers that the steps need at the top of the script.
struct Needs {
  bool emissions = false;      // what code emits is checked
  std::set<std::string> gates; // their names
  bool code_macros = false;    // code has macros that are to be replaced when the script runs
  bool runs = false;           // some code is run
  bool evals = false;
  bool names = false;  // of its own for code in the main interpreter, lest it bind the script's
  bool checks = false; // an answer is checked
};

class PythonSteps {
public:
  PythonSteps(const Subject& subject, const ModuleApi& module_api);

  const Needs& needs() const { return needs_; }
  // The statements of a lane, each line behind `margin`.
  std::string lane(size_t lane, const std::string& margin);
  // The checks that need all lanes to be over. Call after every lane().
  std::string last(const std::string& margin) const;
  // The names that the lane binds or drops, for `global`.
  std::set<std::string> globals(size_t lane) const;

private:
  struct At {
    size_t lane = 0;
    size_t step = 0;
  };
  const Step& step(At at) const { return subject_.subject.program.lanes[at.lane][at.step]; }
  size_t number(At at) const;
  void look(At at);
  std::string name(const std::string& handle) const;
  std::string id_of(const std::string& handle) const;
  std::string text(const std::string& text) const; // of an emission, as an expression
  std::string list(const std::vector<std::string>& handles) const;
  std::string code(At at) const;
  std::string call(At at) const;
  std::string statement(At at) const;
  std::string answer(At at) const; // a statement that binds `got`
  std::string bind(At at, const std::string& statement) const;
  std::string lines(At at, const std::string& margin);
  std::string checked(At at, const Expectation& expectation);
  std::string conditions(At at, const Expectation& expectation);
  std::string objection(At at) const; // the condition that the model's objection is reproduced
  std::string report_line(At at, const std::string& got) const;
  bool is_late(At at) const; // its code may emit when the step is over
  bool by_model(At at) const;

  const Subject subject_;
  const ModuleApi& module_api_;
  Needs needs_;
  std::set<std::string> kept_; // handles whose ids are compared when they may be gone
  std::string last_;
};

} // namespace pep554::repro
