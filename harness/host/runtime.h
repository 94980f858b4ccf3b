// A plugin whose runtime has started, and its description for the engine.
#pragma once

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/host/plugin_loader.h"

namespace pep554::host {

// An error record as a slot wants it: sized, empty.
struct ErrorRecord : pep554_error_t {
  ErrorRecord() : pep554_error_t{sizeof(pep554_error_t), PEP554_OTHER, {}, {}} {}
};

// A text of an error record, whose NUL a plugin may have forgotten.
template <size_t Size>
std::string text_of(const char (&text)[Size]) {
  return {text, ::strnlen(text, Size)};
}

using Options = std::vector<std::pair<std::string, std::string>>;

// The plugin owns the runtime; both live as long as the process. The host never stops it: the end
// of a runtime is itself something to be observed, and happens in programs.
struct Runtime {
  Plugin plugin;
  pep554_runtime_t* handle = nullptr;

  const pep554_plugin_t& api() const { return *plugin.table; }
};

// Starts the runtime on this thread. Throws Refusal.
Runtime start_runtime(const Plugin& plugin, const Options& options);

// The message "hello", but for what is the host's own. Throws Refusal when the plugin cannot
// describe its runtime.
nlohmann::json hello(const Runtime& runtime);

} // namespace pep554::host
