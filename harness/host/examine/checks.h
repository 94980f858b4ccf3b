// The checks of an examination, each with the sentence of pep554_plugin.h that requires it, and
// with advice on a failure. README.md beside this file describes the procedure.
#pragma once

#include <span>
#include <string_view>

namespace pep554::host {

struct Check {
  std::string_view id;     // stable, e.g. "error-record.filled"
  std::string_view title;  // the property that is checked
  std::string_view rule;   // words of pep554_plugin.h; "": none requires it, so that a failure is a
                           // note
  std::string_view advice; // what to do
};

// All checks, in the order of the report.
std::span<const Check> checks();

// Null when there is none.
const Check* find_check(std::string_view id);

} // namespace pep554::host
