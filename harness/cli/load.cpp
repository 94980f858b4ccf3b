#include "harness/cli/load.h"

#include "harness/cli/print.h"

namespace pep554 {

bool print_diagnostics(const Diagnostics& diagnostics) {
  for (const Error& one : diagnostics.sorted())
    print(stderr, "{}\n", to_string(one));
  return !diagnostics.empty();
}

std::optional<Suite> load_and_report(const Paths& paths, const std::filesystem::path& cases) {
  Diagnostics diagnostics;
  Suite suite = load_suite(paths, cases, diagnostics);
  return print_diagnostics(diagnostics) ? std::nullopt : std::optional(std::move(suite));
}

} // namespace pep554
