#include "harness/cli/run_report.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/cli/load.h"
#include "harness/cli/print.h"
#include "harness/cli/progress.h"
#include "harness/run/results.h"
#include "harness/run/resume.h"
#include "harness/run/selection.h"
#include "harness/run/store.h"
#include "reports/summary.h"
#include "reports/text.h"
#include "reports/writer.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;

// True if every case of the run passed or was only observed.
bool all_passed(const RunResult& run) {
  return std::ranges::all_of(run.cases, [](const CaseResult& one) {
    return one.verdict == Verdict::pass || one.verdict == Verdict::observed;
  });
}

// One line each: verdict, id, the clause that it is against, why. Of a target that has nothing to
// judge every one has the same reason, which the claim says.
void print_not_passed(const RunResult& run, bool colour) {
  const std::vector<const CaseResult*> all = not_passed(run);
  if (all.empty() || !run.target.unsupported_reason.empty())
    return;
  const size_t width = width_of(stdout);
  for (const CaseResult* one : all) {
    const std::string clause = main_clause(*one, run);
    const std::string head =
        fmt::format("{}{}", one->id, clause.empty() ? "" : fmt::format(" [{}]", clause));
    const std::string padding(14 - std::min<size_t>(14, to_string(one->verdict).size()), ' ');
    const size_t used = 16 + head.size();
    print(stdout, "{}{} {}: {}\n", painted(one->verdict, colour), AsIs{padding}, head,
          width > used + 20 ? on_one_line(one->reason, width - used) : one->reason);
  }
}

} // namespace

void print_summary(const RunResult& run, const fs::path& out, const fs::path& store,
                   std::uint64_t stored_bytes) {
  const bool colour = wants_colour(stdout);
  print_not_passed(run, colour);
  std::string counts;
  for (const auto& [verdict, count] : run.counts())
    counts +=
        fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, painted(verdict, colour).text);
  if (const std::string what = self_description(run); !what.empty())
    print(stdout, "judged: {}\n", what);
  const auto properties = std::ranges::count_if(
      run.cases, [](const CaseResult& one) { return one.property.has_value(); });
  print(stdout, "{}\n{}{} in {:.1f} s: {}\n", run.claim,
        counted(run.cases.size() - static_cast<size_t>(properties), "case"),
        properties == 0 ? ""
                        : ", " + counted(static_cast<size_t>(properties), "property", "properties"),
        static_cast<double>(run.milliseconds) / 1000, AsIs{counts});
  if (run.isolation.find("not: ") != std::string::npos)
    print(stdout, "isolation: {}\n", run.isolation);
  if (!out.empty())
    print(stdout, "page: {}\n", (fs::absolute(out) / "index.html").string());
  if (!store.empty())
    print(stdout, "histories: {} ({:.1f} MiB)\n", fs::absolute(store).string(),
          static_cast<double>(stored_bytes) / (1 << 20));
}

Exit exit_of(const RunResult& run, bool partial) {
  return (partial ? all_passed(run) : run.conformant && run.sound) ? Exit::conformant
                                                                   : Exit::not_conformant;
}

Exit judge_run(const fs::path& folder, const fs::path& out, const Paths& paths) {
  const auto store = read_store(folder);
  if (!store)
    return print_error(Exit::usage, store.error());
  const StoreHeader& header = store->header;
  auto suite = load_and_report(
      paths, header.cases.empty() ? fs::path() : fs::path(header.directory) / header.cases);
  if (!suite)
    return Exit::usage;
  if (const auto selected = select(*suite, {header.filter, header.shard, header.times}); !selected)
    return print_error(Exit::usage, selected.error());
  const RunResult run = results_of(*store, *suite);
  if (const auto written = out.empty() ? Result<>() : write_reports(run, out); !written)
    return print_error(Exit::harness_fault, written.error());
  print_summary(run, out, folder / store_name, store->whole);
  return exit_of(run, !header.filter.empty() || !header.shard.empty() || !header.cases.empty());
}

} // namespace pep554
