// The options of the plugin, as the user wrote them.
#pragma once

#include <string>
#include <vector>

#include "harness/abi/pep554_plugin.h"

namespace pep554::cpython {

struct Settings {
  std::string libpython;          // libpython=FILE: what dlopen is given; needed
  std::vector<std::string> paths; // path=DIR, repeatable: first on the module path, in this order
  std::string adapter;            // adapter=NAME: ...; auto: see probe.h
  std::string adapters;           // adapters=DIR: DIR/NAME goes before all other paths
  bool site = false;              // site=on|off
  std::string home;               // home=DIR: the prefix of the standard library; else it is found
};

// Throws StartError on an option that is not known, or lacks its companion.
Settings settings_from(const pep554_option_t* options, size_t count);

// Puts the folder of this adapter before all other paths; "" is none. Throws StartError when there
// is no such adapter.
void use_adapter(Settings& settings, const std::string& adapter);

} // namespace pep554::cpython
