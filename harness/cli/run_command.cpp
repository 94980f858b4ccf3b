// pep554 run: load, judge one target or several, report. Each failure is reported once, here.
#include <algorithm>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/judging.h"
#include "harness/cli/progress.h"
#include "harness/cli/suite.h"
#include "harness/cli/targets.h"
#include "harness/cli/targets_file.h"
#include "reports/overview.h"
#include "reports/summary.h"
#include "reports/writer.h"

namespace pep554 {
namespace {

void print_summary(const RunResult& run, const std::filesystem::path& out) {
  const bool colour = wants_colour(stdout);
  std::string counts;
  for (const auto& [verdict, count] : run.counts())
    counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, painted(verdict, colour));
  if (const std::string what = self_description(run); !what.empty())
    fmt::print("judged: {}\n", what);
  fmt::print("{}\n{} cases in {:.1f} s: {}\n", run.claim, run.cases.size(),
             static_cast<double>(run.milliseconds) / 1000, counts);
  fmt::print("page: {}\n", (std::filesystem::absolute(out) / "index.html").string());
}

Exit exit_of(const RunResult& run, const RunOptions& options) {
  const bool partial = !options.filter.empty() || !options.cases.empty();
  return (partial ? all_passed(run) : run.conformant) ? Exit::conformant : Exit::not_conformant;
}

// Writes the reports of one run to `out` and tells of it.
Exit report(const RunResult& run, const RunOptions& options, const std::filesystem::path& out) {
  if (const auto failure = write_reports(run, out)) {
    fmt::print(stderr, "pep554: {}\n", *failure);
    return Exit::harness_fault;
  }
  print_summary(run, out);
  return exit_of(run, options);
}

Exit run_one(const RunOptions& options, const Suite& suite, const Paths& paths) {
  std::string error;
  const auto target = parse_target(options.target, paths, error);
  if (!target) {
    fmt::print(stderr, "pep554: {}\n", error);
    return Exit::usage;
  }
  const auto run = judge_target(*target, suite, options, error);
  if (!run) {
    fmt::print(stderr, "pep554: target {} did not start: {}\n", target->name, error);
    return Exit::no_target;
  }
  return report(*run, options, options.out);
}

// One after the other; a target that does not start costs the others nothing. The gravest exit code
// of all: a fault of ours, then a target that did not start, then one that is not conformant.
Exit run_several(const std::vector<NamedTarget>& targets, const RunOptions& options,
                 const Suite& suite) {
  std::vector<OverviewRow> rows;
  Exit gravest = Exit::conformant;
  for (const NamedTarget& one : targets) {
    fmt::print("{}== {}\n", rows.empty() ? "" : "\n", one.name);
    static_cast<void>(std::fflush(stdout));
    OverviewRow row{one.name, one.target.name, {}, {}};
    row.run = judge_target(one.target, suite, options, row.problem);
    Exit code = Exit::no_target;
    if (row.run)
      code = report(*row.run, options, options.out / one.name);
    else
      fmt::print(stderr, "pep554: target {} did not start: {}\n", one.name, row.problem);
    gravest = std::max(gravest, code);
    rows.push_back(std::move(row));
  }
  if (const auto failure = write_overview(rows, options.out)) {
    fmt::print(stderr, "pep554: {}\n", *failure);
    return Exit::harness_fault;
  }
  fmt::print("\nall: {}\n", (std::filesystem::absolute(options.out) / "index.html").string());
  return gravest;
}

} // namespace

Exit run_command(const RunOptions& options, const Paths& paths) {
  if (options.network) // hosts inherit it
    ::setenv("PEP554_NETWORK", "on", 1);
  std::optional<std::vector<NamedTarget>> targets;
  if (!options.targets.empty() && !(targets = load_targets(options.targets, paths)))
    return Exit::usage;
  auto suite = load_suite(paths, options.cases);
  if (!suite)
    return Exit::usage;
  if (!options.filter.empty())
    select(*suite, options.filter);
  if (suite->cases.empty()) {
    fmt::print(stderr, "pep554: no case matches \"{}\": nothing was run; see pep554 list cases\n",
               options.filter);
    return Exit::nothing_run;
  }
  return targets ? run_several(*targets, options, *suite) : run_one(options, *suite, paths);
}

} // namespace pep554
