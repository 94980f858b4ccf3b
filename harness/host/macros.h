// The three macros in the text of `run` and `eval`: $emit(value), $wait("gate"), $open("gate"). The
// host expands them, so that code can speak to it from any interpreter, without a module on the
// path.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "harness/host/program.h"

namespace pep554::host {

struct GateEnds {
  int read = -1;
  int write = -1;
};
using GateTable = std::map<std::string, GateEnds, std::less<>>;

// The place of a text, and the descriptors that its macros need.
struct MacroContext {
  int event_fd = -1; // a write to it is one record
  size_t lane = 0;
  size_t step = 0;
  const GateTable* gates = nullptr;
};

// The most characters of a value that $emit writes.
constexpr int emit_limit = 1500;

// Replaces every macro by an expression of Python on the same line. The expressions hold no quote,
// backslash, brace, percent sign or line end, so a macro works in a string literal of any kind,
// also of code nested in code. Other text is left unchanged.
std::string expand(std::string_view text, const MacroContext& context);

// The gates that a program names, in steps and in macros.
std::set<std::string> gates_of(const Program& program);

} // namespace pep554::host
