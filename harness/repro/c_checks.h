// The checks of answers in a C program.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/repro/script.h"

namespace pep554::repro {

// The variable of a handle; its id is in the one with "_id" behind.
std::string c_variable(const std::string& handle);
// Which step it is, counted through all lanes from 1 on: what code emits is marked with it.
size_t step_number(const Program& program, size_t lane, size_t step);

class CChecks {
public:
  // The subject and the handles, all of the program, outlive the object.
  CChecks(const Subject& subject, const std::set<std::string>& handles)
      : subject_(subject), handles_(handles) {}

  // Which parts of c_runtime.h they need.
  bool lists() const;
  bool emissions() const;
  bool fills() const; // c::filled

  // Variables for values that are compared when all lanes are over.
  std::string variables() const;
  // Whether it matters what any code emits while the step is under way: skip() comes before it.
  bool listens(size_t lane, size_t step) const;
  // The statements after the answer of a step, which the reader knows as `what`, a literal.
  std::string after(size_t lane, size_t step, const std::string& what) const;
  // The statements when all lanes are over.
  std::string last() const;

private:
  const Step& at(size_t lane, size_t step) const {
    return subject_.subject.program.lanes[lane][step];
  }
  size_t number(size_t lane, size_t step) const {
    return step_number(subject_.subject.program, lane, step);
  }
  bool is_late(size_t lane, size_t step) const; // whether it emits what is compared at the end
  std::string filled(std::string_view text) const;
  std::string filled(const std::vector<std::string>& lines) const;
  std::vector<std::string> wrongs(size_t lane, size_t step, const Expectation& one) const;

  const Subject& subject_;
  const std::set<std::string>& handles_;
};

} // namespace pep554::repro
