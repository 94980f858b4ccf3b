// pep554 diff: what changed between two runs.
#include <algorithm>

#include "harness/cli/commands.h"
#include "harness/cli/print.h"
#include "harness/gate/diff.h"
#include "harness/gate/diff_report.h"
#include "reports/results_file.h"

namespace pep554 {
namespace {

// The error is printed.
Result<RunResult> read_run(const std::filesystem::path& path) {
  return read_results(path).map_error([](const Error& error) {
    print(stderr, "{}\n", to_string(error));
    return error;
  });
}

} // namespace

Exit diff_command(const DiffOptions& options) {
  const auto before = read_run(options.before);
  const auto after = read_run(options.after);
  if (!before || !after)
    return Exit::usage;
  const auto changes = gate::diff(*before, *after);
  if (options.format == "json")
    put(stdout, gate::diff_json(changes, *before, *after).dump(2) + "\n");
  else if (options.format == "markdown")
    put(stdout, gate::diff_markdown(changes, *before, *after));
  else
    put(stdout, gate::diff_text(changes, *before, *after));
  return std::ranges::any_of(changes, gate::is_worse) ? Exit::not_conformant : Exit::conformant;
}

} // namespace pep554
