// The options of the plugin, as the user wrote them.
#pragma once

#include <string>
#include <vector>

#include "harness/abi/pep554_plugin.h"

namespace pep554::cpython {

struct Settings {
  std::string libpython;          // libpython=FILE: what dlopen is given; needed
  std::vector<std::string> paths; // path=DIR, repeatable: first on the module path, in this order
  std::string adapter;            // adapter=NAME: ...
  std::string adapters;           // adapters=DIR: DIR/NAME goes before all other paths
  bool site = false;              // site=on|off
  std::string home;               // home=DIR: the prefix of the standard library; else it is found
};

// Throws StartError on an option that is not known, lacks its companion, or names a missing
// adapter.
Settings settings_from(const pep554_option_t* options, size_t count);

} // namespace pep554::cpython
