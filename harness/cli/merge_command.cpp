// pep554 merge: the results of shards and machines become those of one run.
#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/commands.h"
#include "harness/cli/load.h"
#include "harness/cli/print.h"
#include "harness/cli/run_report.h"
#include "harness/engine/assess.h"
#include "harness/run/results.h"
#include "harness/run/selection.h"
#include "harness/run/shell.h"
#include "harness/run/store.h"
#include "reports/merge.h"
#include "reports/results_file.h"
#include "reports/text.h"
#include "reports/writer.h"
#include "spec/text.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;

// What a store has, as results: of the cases that were not begun it has none.
Result<PartialRun> part_of(const fs::path& folder, const Store& store, Suite suite) {
  const StoreHeader& header = store.header;
  if (const auto selected = select(suite, {header.filter, header.shard, header.times}); !selected)
    return tl::unexpected(selected.error());
  PartialRun part{(folder / store_name).string(), results_of(store, suite)};
  const size_t all = part.run.cases.size();
  std::erase_if(part.run.cases,
                [](const CaseResult& one) { return one.reason == interrupted_reason; });
  part.run.unreached = 0;
  if (!store.complete)
    print(stderr, "pep554: {}: unfinished, {} of {} were run; to finish: {}\n", part.file,
          part.run.cases.size(), all, "pep554 run --resume " + pep554::quoted(folder.string()));
  return part;
}

// The results in a folder. Those of its store where it has no others, or ones of an earlier run:
// a run that was killed did not come to replace them.
Result<PartialRun> read_part(const fs::path& path, const Suite& suite) {
  std::error_code ignored;
  const bool stored = fs::exists(path / store_name, ignored);
  const auto store = stored ? read_store(path) : Result<Store>();
  if (!store)
    return tl::unexpected(store.error());
  if (stored && (!store->complete || !fs::exists(results_path(path), ignored)))
    return part_of(path, *store, suite);
  auto run = read_results(path);
  if (!run)
    return tl::unexpected(run.error());
  if (stored && store->header.started != run->started)
    return part_of(path, *store, suite);
  return PartialRun{results_path(path).string(), std::move(*run)};
}

// Reads all, and prints each error. False when there was one.
bool read_parts(const MergeOptions& options, const Suite& suite, std::vector<PartialRun>& parts) {
  bool good = true;
  const fs::path out = fs::weakly_canonical(options.out);
  for (const fs::path& path : options.parts) {
    auto part = read_part(path, suite);
    if (part && fs::weakly_canonical(part->file).parent_path() == out)
      part = fail("--out is the folder of a part, whose results it would replace",
                  {options.out.string()});
    if (part)
      parts.push_back(std::move(*part));
    else
      good = print_error(Exit::usage, part.error()) == Exit::conformant;
  }
  return good;
}

// Why a part cannot be assessed here.
std::string not_of_this_suite(const PartialRun& part, const Suite& suite) {
  const auto differs = [&](const char* what, const std::string& has, std::string_view expected) {
    return has == expected ? ""
                           : fmt::format("{}: its {} has the sha256 {}; expected {}, that of this "
                                         "pep554{}",
                                         part.file, what, has, expected,
                                         *what == 't' ? "" : "; other tables: --cases");
  };
  const std::string error = differs("text", part.run.text_sha256, text_sha256());
  return error.empty() ? differs("set of cases", part.run.cases_sha256, suite.cases_sha256) : error;
}

// Adds each selected item that no part has; how many. Properties only where a part has some: else
// they were not asked for.
size_t add_missing(RunResult& run, const Suite& suite) {
  const bool with_properties = std::ranges::any_of(
      run.cases, [](const CaseResult& one) { return one.property.has_value(); });
  std::set<std::string> there;
  for (const CaseResult& one : run.cases)
    there.insert(one.id);
  StoreHeader header; // of the run that gives what is missing
  header.target = run.target;
  header.absolute_target = run.target.name;
  header.seed = 0;
  const RunResult none = RunEvidence(suite, with_properties).result(header, false);
  size_t missing = 0;
  for (const CaseResult& one : none.cases) {
    if (there.contains(one.id))
      continue;
    ++missing;
    run.cases.push_back(one);
    run.cases.back().reason = "in no shard: none of the merged results has this case";
  }
  run.unreached += missing;
  return missing;
}

void print_missing_cases(size_t missing, const RunResult& run,
                         const std::vector<PartialRun>& parts) {
  const auto shards = missing_shards(parts);
  if (missing > 0)
    print(stderr, "pep554: {} of {} are in no shard{}\n", missing,
          counted(run.cases.size(), "case"),
          shards.empty() ? "" : fmt::format("; missing: shard {}", fmt::join(shards, ", ")));
  if (run.unreached > missing)
    print(stderr, "pep554: {} not begun, since a run was interrupted\n",
          counted(run.unreached - missing, "case was", "cases were"));
}

} // namespace

Exit merge_command(const MergeOptions& options, const Paths& paths) {
  auto suite = load_and_report(paths, options.cases);
  std::vector<PartialRun> parts;
  if (!suite || !read_parts(options, *suite, parts))
    return Exit::usage;
  std::vector<std::string> errors = merge_errors(parts);
  if (errors.empty())
    errors.push_back(not_of_this_suite(parts.front(), *suite));
  std::erase(errors, "");
  for (const std::string& error : errors)
    print(stderr, "pep554: {}\n", error);
  if (!errors.empty())
    return Exit::usage;
  RunResult run = merged(parts);
  if (const auto selected = select(*suite, {run.filter, "", ""}); !selected)
    return print_error(Exit::usage, parts.front().file + ": " + to_string(selected.error()));
  const size_t missing = add_missing(run, *suite);
  assess(run, suite->clauses);
  const auto written = check_folder(options.out, store_name).and_then([&] {
    return write_reports(run, options.out);
  });
  if (!written)
    return print_error(Exit::harness_fault, written.error());
  print_missing_cases(missing, run, parts);
  print_summary(run, options.out, {}, 0);
  return exit_of(run, !run.filter.empty() || !options.cases.empty());
}

} // namespace pep554
