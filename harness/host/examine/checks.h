// The checks of an examination: what is looked at, the sentence of pep554_plugin.h that asks for
// it, and what to do when it does not hold. README.md beside this file says how they are made.
#pragma once

#include <span>
#include <string_view>

namespace pep554::host {

struct Check {
  std::string_view id;     // stable, e.g. "error-record.filled"
  std::string_view title;  // what holds when all is well
  std::string_view rule;   // words of pep554_plugin.h; "" where none asks for it, so that it can
                           // only be noted
  std::string_view advice; // what to do
};

// In the order in which they are reported.
std::span<const Check> checks();

// Null when there is none.
const Check* find_check(std::string_view id);

} // namespace pep554::host
