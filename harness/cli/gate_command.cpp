// pep554 gate: results against a baseline.
#include "harness/cli/gate_command.h"

#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/load.h"
#include "harness/cli/print.h"
#include "harness/gate/gate.h"
#include "harness/gate/update.h"
#include "reports/results_file.h"
#include "reports/writer.h"
#include "spec/read_file.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;

// The baseline; one without anything for a file that --update may begin. Errors are printed.
std::optional<gate::Baseline> begin_or_read(const fs::path& file, bool update) {
  std::error_code ignored;
  if (update && !fs::exists(fs::symlink_status(file, ignored))) {
    gate::Baseline begun;
    begun.file = file.string();
    return begun;
  }
  Diagnostics diagnostics;
  auto baseline = gate::read_baseline(file, diagnostics);
  print_diagnostics(diagnostics);
  return baseline;
}

// Rewrites the file; nothing when it cannot, which is printed.
std::optional<gate::Baseline> rewrite(const RunResult& run, const gate::Baseline& baseline,
                                      const fs::path& file) {
  const std::string text = read_file(file).value_or("");
  const auto updated = gate::update(text, baseline, run, gate::today());
  if (!updated) {
    print(stderr, "{}\n", to_string(updated.error()));
    return std::nullopt;
  }
  std::error_code failure;
  const fs::path resolved = fs::weakly_canonical(file, failure); // a link stays a link
  if (updated->text != text)
    if (const auto written =
            write_file(failure ? file : resolved, [&](std::ostream& out) { out << updated->text; });
        !written) {
      print_error(Exit::usage, written.error());
      return std::nullopt;
    }
  for (const std::string& change : updated->changes)
    print(stdout, "{}\n", change);
  print(stdout, "{}: {}\n", baseline.file,
        updated->text == text ? "nothing to update"
                              : fmt::format("updated; changes: {}", updated->changes.size()));
  return begin_or_read(file, false);
}

void print_notes(const gate::Comparison& comparison, const gate::Baseline& baseline) {
  for (const std::string& id : comparison.not_shown)
    print(stdout, "{}: passed this time; its entry accepts that it is flaky\n", id);
  if (comparison.unexplained > 0)
    print(stdout, "{}: entries without a reason: {}\n", baseline.file, comparison.unexplained);
  if (baseline.judged.empty())
    print(stdout,
          "{}: has no [judged], so that a case that is gone is not noticed; --update adds it\n",
          baseline.file);
}

} // namespace

bool check_baseline(const fs::path& file, bool update) {
  return begin_or_read(file, update).has_value();
}

Exit hold_against(const RunResult& run, const fs::path& file, bool update, bool selected) {
  auto baseline = begin_or_read(file, update);
  if (baseline && update)
    baseline = rewrite(run, *baseline, file);
  if (!baseline)
    return Exit::usage;
  const auto versions = gate::versions_of(*baseline, run.target);
  if (!versions) {
    print(stderr, "{}\n", to_string(versions.error()));
    return Exit::usage;
  }
  const gate::Comparison comparison =
      compare(run, *baseline, *versions, gate::today(),
              selected ? gate::Extent::selection : gate::Extent::whole);
  for (const gate::Finding& one : comparison.findings)
    print(stdout, "{:<15} {}{}{}\n", to_string(one.reason), one.subject,
          one.subject.empty() ? "" : ": ", one.text);
  print_notes(comparison, *baseline);
  const size_t count = comparison.findings.size();
  print(stdout, "{}: {}; accepted deviations: {}\n", baseline->file,
        count == 0 ? "as expected" : fmt::format("not as expected, findings: {}", count),
        comparison.accepted);
  return count == 0 ? Exit::conformant : Exit::not_conformant;
}

Exit gate_command(const GateOptions& options) {
  const auto run = read_results(options.results);
  if (!run) {
    print(stderr, "{}\n", to_string(run.error()));
    return Exit::usage;
  }
  return hold_against(*run, options.baseline, options.update, false);
}

} // namespace pep554
