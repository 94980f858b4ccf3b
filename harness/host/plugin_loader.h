// Loads one plugin: opens the shared object, finds its table, and refuses what does not fit.
#pragma once

#include <stdexcept>
#include <string>

#include "harness/abi/pep554_plugin.h"

namespace pep554::host {

// Why there is nothing to run programs on; what() is one clear line, for the engine's user.
class Refusal : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

// A plugin's tables; they live as long as the process. An extension that it lacks is null.
struct Plugin {
  const pep554_plugin_t* table = nullptr;
  const pep554_eval_t* eval = nullptr;
  const pep554_fork_t* fork = nullptr;
  const pep554_thread_t* thread = nullptr;
  const pep554_trace_t* trace = nullptr;
};

// Negotiates as pep554_plugin.h says under "Versions". Throws Refusal: no such file, not a shared
// object, no table of our version, a short or hollow one, a hollow table of an extension.
Plugin load_plugin(const std::string& path);

} // namespace pep554::host
