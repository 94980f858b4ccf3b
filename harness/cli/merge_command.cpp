// pep554 merge: the results of shards and machines become those of one run.
#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/commands.h"
#include "harness/cli/print.h"
#include "harness/cli/run_summary.h"
#include "harness/cli/selection.h"
#include "harness/cli/shell.h"
#include "harness/engine/assess.h"
#include "harness/engine/judge.h"
#include "reports/journal.h"
#include "reports/merge.h"
#include "reports/results_file.h"
#include "reports/text.h"
#include "reports/writer.h"
#include "spec/text.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;

// What a journal has, as results.
PartialRun part_of(const fs::path& folder, Journal journal) {
  PartialRun part{(folder / journal_name).string(), {}};
  describe(part.run, journal.start);
  part.run.milliseconds = journal.at_ms;
  part.run.cases = std::move(journal.cases);
  if (!journal.complete)
    print(stderr, "pep554: {}: unfinished, {} of {} cases were run; to finish: {}\n", part.file,
          part.run.cases.size(), journal.start.count,
          "pep554 run --resume " + pep554::quoted(folder.string()));
  return part;
}

// The results in a folder. Those in its journal where it has no others, or ones of an earlier run:
// a run that was killed did not come to replace them.
std::optional<PartialRun> read_part(const fs::path& path, std::string& error) {
  std::error_code ignored;
  std::optional<Journal> journal;
  if (fs::exists(path / journal_name, ignored) && !(journal = read_journal(path, error)))
    return std::nullopt;
  if (journal && (!journal->complete || !fs::exists(results_path(path), ignored)))
    return part_of(path, std::move(*journal));
  auto run = read_results(path, error);
  if (!run)
    return std::nullopt;
  if (journal && journal->start.started != run->started)
    return part_of(path, std::move(*journal));
  return PartialRun{results_path(path).string(), std::move(*run)};
}

// Reads all, and prints each error. False when there was one.
bool read_parts(const MergeOptions& options, std::vector<PartialRun>& parts) {
  bool good = true;
  const fs::path out = fs::weakly_canonical(options.out);
  for (const fs::path& path : options.parts) {
    std::string error;
    auto part = read_part(path, error);
    if (part && fs::weakly_canonical(part->file).parent_path() == out)
      error = fmt::format("{}: --out is the folder of a part, whose results it would replace",
                          options.out.string());
    if (error.empty())
      parts.push_back(std::move(*part));
    else
      good = print_error(Exit::usage, error) == Exit::conformant;
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

// Adds each selected case that no part has; how many.
size_t add_missing(RunResult& run, const Suite& suite) {
  std::set<std::string> there;
  for (const CaseResult& one : run.cases)
    there.insert(one.id);
  const std::string target =
      run.target.name == "reference" ? "" : " --target " + pep554::quoted(run.target.name);
  size_t missing = 0;
  for (const Case& one : suite.cases) {
    if (there.contains(one.id))
      continue;
    ++missing;
    CaseResult result = judge(one, {});
    result.verdict = Verdict::not_run;
    result.reason = "in no shard: none of the merged results has this case";
    result.replay = alone("pep554 run" + target, one.id);
    run.cases.push_back(std::move(result));
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
  auto suite = load_suite(paths, options.cases);
  std::vector<PartialRun> parts;
  if (!suite || !read_parts(options, parts))
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
  if (std::string error; !select(*suite, {run.filter, "", ""}, error))
    return print_error(Exit::usage, parts.front().file + ": " + error);
  const size_t missing = add_missing(run, *suite);
  assess(run, suite->clauses);
  if (const auto failure = check_folder(options.out))
    return print_error(Exit::harness_fault, *failure);
  if (const auto failure = write_reports(run, options.out))
    return print_error(Exit::harness_fault, *failure);
  print_missing_cases(missing, run, parts);
  print_summary(run, options.out);
  return exit_of(run, !run.filter.empty() || !options.cases.empty());
}

} // namespace pep554
