// pep554 run: load, judge one target or several, report. Each failure is reported once, here.
#include <algorithm>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/interruption.h"
#include "harness/cli/isolation.h"
#include "harness/cli/print.h"
#include "harness/cli/progress.h"
#include "harness/cli/resume.h"
#include "harness/cli/suite.h"
#include "harness/cli/target_advice.h"
#include "harness/cli/target_run.h"
#include "harness/cli/targets_file.h"
#include "harness/engine/orphans.h"
#include "reports/overview.h"
#include "reports/summary.h"
#include "reports/writer.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;

void print_summary(const RunResult& run, const fs::path& out) {
  const bool colour = wants_colour(stdout);
  std::string counts;
  for (const auto& [verdict, count] : run.counts())
    counts +=
        fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, painted(verdict, colour).text);
  if (const std::string what = self_description(run); !what.empty())
    print(stdout, "judged: {}\n", what);
  print(stdout, "{}\n{} cases in {:.1f} s: {}\n", run.claim, run.cases.size(),
        static_cast<double>(run.milliseconds) / 1000, AsIs{counts});
  if (run.isolation.find("not: ") != std::string::npos)
    print(stdout, "isolation: {}\n", run.isolation);
  print(stdout, "page: {}\n", (fs::absolute(out) / "index.html").string());
}

Exit exit_of(const RunResult& run, const RunOptions& options) {
  const bool partial = !options.filter.empty() || !options.cases.empty();
  return (partial ? all_passed(run) : run.conformant) ? Exit::conformant : Exit::not_conformant;
}

// Writes the reports of one run to `out` and prints where they are.
Exit report(const Outcome& outcome, const NamedTarget& one, const RunOptions& options,
            const fs::path& out) {
  const auto unwritten = outcome.run ? write_reports(*outcome.run, out) : std::nullopt;
  if (unwritten && outcome.code != Exit::harness_fault) {
    print(stderr, "pep554: {}\n", *unwritten);
    return Exit::harness_fault;
  }
  if (outcome.run && !unwritten)
    print_summary(*outcome.run, out);
  if (outcome.code == Exit::conformant)
    return exit_of(*outcome.run, options);
  const std::string problem = outcome.code == Exit::no_target
                                  ? did_not_start(one.target, one.name, outcome.problem)
                                  : outcome.problem;
  const bool resumable =
      outcome.run && (outcome.code == Exit::interrupted || outcome.code == Exit::harness_fault);
  flush(stdout);
  return print_error(outcome.code,
                     problem + (resumable ? "; to finish: " + resume_command(options) : ""));
}

// The journal in `dir`. Nothing without --resume, or when the journal cannot be read: `error` then
// says why.
std::optional<Journal> former_in(const fs::path& dir, const RunOptions& options,
                                 std::string& error) {
  return options.resume.empty() ? std::nullopt : read_journal(dir, error);
}

Exit run_one(const RunOptions& options, const Suite& suite, const Paths& paths,
             const Journal* former, std::stop_source& stop) {
  std::string error;
  const std::string given = options.target.empty() ? "reference" : options.target;
  const auto target = parse_target(given, paths, error);
  if (!target)
    return print_error(Exit::usage, error);
  if (const auto failure = check_folder(options.out))
    return print_error(Exit::harness_fault, *failure);
  return report(judge_target(*target, suite, options, options.out, former, stop),
                {target->name, *target}, options, options.out);
}

// A run over several targets, one after the other; a target that does not start costs the others
// nothing.
class Several {
public:
  Several(const std::vector<NamedTarget>& targets, const RunOptions& options, const Suite& suite,
          std::stop_source& stop)
      : targets_(targets), options_(options), suite_(suite), stop_(stop) {}

  // The worst exit code of all: that it was interrupted, then a fault of ours, a target that did
  // not start, one that is not conformant.
  Exit run() {
    if (const auto failure = check_folders())
      return print_error(Exit::harness_fault, *failure);
    for (const NamedTarget& one : targets_)
      over_ ? leave_out(one) : judge(one);
    if (const auto failure = write_overview(rows_, options_.out))
      return print_error(std::max(gravest_, Exit::harness_fault), *failure);
    print(stdout, "\nall: {}\n", (fs::absolute(options_.out) / "index.html").string());
    return gravest_;
  }

private:
  std::optional<std::string> check_folders() const {
    auto failure = check_folder(options_.out);
    for (size_t i = 0; i < targets_.size() && !failure; ++i) {
      const fs::path dir = options_.out / targets_[i].name;
      std::error_code ignored;
      failure = check_folder(dir);
      if (!failure && options_.resume.empty())
        fs::remove(dir / journal_name, ignored); // of another run, not to be taken for this one's
    }
    return failure;
  }

  void judge(const NamedTarget& one) {
    const fs::path out = options_.out / one.name;
    print(stdout, "{}== {}\n", rows_.empty() ? "" : "\n", one.name);
    flush(stdout);
    Outcome outcome;
    std::optional<Journal> former;
    if (fs::exists(out / journal_name))
      former = former_in(out, options_, outcome.problem);
    if (outcome.problem.empty())
      outcome = judge_target(one.target, suite_, options_, out, former ? &*former : nullptr, stop_);
    else
      outcome.code = Exit::usage;
    gravest_ = std::max(gravest_, report(outcome, one, options_, out));
    over_ = stop_.stop_requested() || outcome.code == Exit::harness_fault;
    rows_.push_back({one.name, one.target.name, std::move(outcome.run), outcome.problem});
  }

  void leave_out(const NamedTarget& one) {
    rows_.push_back({one.name, one.target.name, {}, "the run was interrupted before", false});
  }

  const std::vector<NamedTarget>& targets_;
  const RunOptions& options_;
  const Suite& suite_;
  std::stop_source& stop_;
  std::vector<OverviewRow> rows_;
  Exit gravest_ = Exit::conformant;
  bool over_ = false;
};

// The journal that says what the run to be resumed is: of several targets the first that has one.
std::optional<Journal> first_journal(const RunOptions& options,
                                     const std::optional<std::vector<NamedTarget>>& targets,
                                     std::string& error) {
  if (!targets)
    return read_journal(options.out, error);
  for (const NamedTarget& one : *targets)
    if (fs::exists(options.out / one.name / journal_name))
      return read_journal(options.out / one.name, error);
  error = fmt::format("{}: no target of {} has a journal there: nothing to resume",
                      options.out.string(), options.targets.string());
  return std::nullopt;
}

} // namespace

Exit run_command(const RunOptions& given, const Paths& paths) {
  RunOptions options = given;
  Interruption interruption;
  adopt_orphans();
  std::optional<std::vector<NamedTarget>> targets;
  if (!options.targets.empty() && !(targets = load_targets(options.targets, paths)))
    return Exit::usage;
  std::optional<Journal> former;
  if (!options.resume.empty()) {
    std::string error;
    options.out = fs::absolute(options.resume).lexically_normal();
    options.targets = options.targets.empty() ? options.targets : fs::absolute(options.targets);
    former = first_journal(options, targets, error);
    if (!former)
      return print_error(Exit::usage, error);
    if (!adopt(former->start, options, error))
      return print_error(Exit::usage,
                         fmt::format("{}: does not fit: {}", options.out.string(), error));
  }
  if (options.network) // hosts inherit it
    ::setenv("PEP554_NETWORK", "on", 1);
  options.isolation = describe_isolation(paths);
  auto suite = load_suite(paths, options.cases);
  if (!suite)
    return Exit::usage;
  const std::vector<std::string> ids = ids_of(*suite);
  if (!options.filter.empty())
    select(*suite, options.filter);
  if (suite->cases.empty())
    return print_error(Exit::nothing_run, no_case_matches(options.filter, ids) +
                                              ": nothing was run; see pep554 list cases");
  if (targets)
    return Several(*targets, options, *suite, interruption.stop()).run();
  return run_one(options, *suite, paths, former ? &*former : nullptr, interruption.stop());
}

} // namespace pep554
