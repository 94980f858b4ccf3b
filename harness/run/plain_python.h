// The interpreter by which a script is executed without this project: the same Python that a target
// is, as its users start it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/engine/host_process.h"
#include "harness/run/targets.h"

namespace pep554 {

struct PlainPython {
  std::string executable;
  std::string adapter; // whose module is judged; empty: the draft's own
  std::vector<std::pair<std::string, std::string>> environment;

  std::string command(const std::string& script) const; // as a person types it
};

// The plain interpreter of a target, from the host's facts. Nothing for a target that is no Python,
// or whose executable is not there.
std::optional<PlainPython> plain_python(const Target& target, const Hello& hello);

} // namespace pep554
