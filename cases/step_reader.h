// One step of a table: the operation with its operands, and what is expected of it.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <toml++/toml.h>

#include "harness/engine/expectation.h"
#include "spec/diagnostics.h"

namespace pep554 {

struct TableStep {
  Step step;
  std::optional<Expectation> expectation;
};

// Reads `table`; every error is added to `diagnostics`. `names` holds every handle that the case
// binds, in any lane: others are reported.
TableStep read_step(const toml::table& table, const std::set<std::string>& names,
                    const std::string& display_path, Diagnostics& diagnostics);

// The key under which a table writes an operation's text; empty where it has none.
std::string_view text_key(Op op);

} // namespace pep554
