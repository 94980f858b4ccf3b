// pep554 run: load, judge one target or several, report. Each failure is reported once, here.
#include <algorithm>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/gate_command.h"
#include "harness/cli/interruption.h"
#include "harness/cli/load.h"
#include "harness/cli/print.h"
#include "harness/cli/progress.h"
#include "harness/cli/run_report.h"
#include "harness/engine/orphans.h"
#include "harness/run/isolation.h"
#include "harness/run/resume.h"
#include "harness/run/selection.h"
#include "harness/run/shell.h"
#include "harness/run/suite.h"
#include "harness/run/target_advice.h"
#include "harness/run/target_run.h"
#include "harness/run/targets_file.h"
#include "harness/run/unjudged_module.h"
#include "reports/overview.h"
#include "reports/writer.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;

Exit exit_of(Outcome::Problem problem) {
  switch (problem) {
  case Outcome::Problem::none:
    return Exit::conformant;
  case Outcome::Problem::did_not_start:
    return Exit::no_target;
  case Outcome::Problem::does_not_fit:
    return Exit::usage;
  case Outcome::Problem::not_written:
    return Exit::harness_fault;
  case Outcome::Problem::interrupted:
    return Exit::interrupted;
  }
  return Exit::harness_fault;
}

// The command that finishes the run.
std::string resume_command(const RunOptions& options) {
  std::string command = "pep554 run";
  if (!options.targets.empty())
    command += " --targets " + quoted(options.targets.string());
  return command + " --resume " + quoted(options.out.string());
}

// Progress on standard error.
RunListener listener_of(const Target& target, const RunOptions& options,
                        std::optional<Progress>& progress) {
  RunListener listener;
  listener.started = [&](const Hello& hello) { print_warning(unjudged_warning(target, hello)); };
  listener.begun = [&](size_t total, size_t done) {
    if (!options.quiet)
      print(stderr, "isolation: {}\n", options.isolation);
    progress.emplace(stderr, fitting_style(stderr, options.quiet), wants_colour(stderr), total,
                     done);
  };
  listener.finished = [&](const CaseResult& one) {
    if (progress)
      progress->finished(one);
  };
  listener.shrinking = [&](const std::string& what) {
    if (progress)
      progress->shrinking(what);
  };
  listener.ended = [&] { progress->end(); };
  return listener;
}

Outcome judge_one(const Target& target, const Suite& suite, const RunOptions& options,
                  const Paths& paths, const fs::path& out, const Store* former,
                  std::stop_source& stop) {
  std::optional<Progress> progress;
  return judge_target(target, suite, options, paths, out, former, stop,
                      listener_of(target, options, progress));
}

bool is_partial(const RunOptions& options) {
  return !options.filter.empty() || !options.shard.empty() || !options.cases.empty();
}

// Writes the reports of one run to `out` and prints where they are.
Exit report(const Outcome& outcome, const NamedTarget& one, const RunOptions& options,
            const fs::path& out) {
  const auto written = outcome.run ? write_reports(*outcome.run, out) : Result<>();
  const Exit code = exit_of(outcome.problem);
  if (!written && code != Exit::harness_fault)
    return print_error(Exit::harness_fault, written.error());
  if (outcome.run && written)
    print_summary(*outcome.run, out, out / store_name, outcome.stored_bytes);
  if (code == Exit::conformant)
    return options.baseline.empty() ? exit_of(*outcome.run, is_partial(options))
                                    : hold_against(*outcome.run, options.baseline, options.update,
                                                   !options.filter.empty());
  const std::string problem = code == Exit::no_target
                                  ? did_not_start(one.target, one.name, outcome.reason)
                                  : outcome.reason;
  const bool resumable = outcome.run && (code == Exit::interrupted || code == Exit::harness_fault);
  flush(stdout);
  return print_error(code, problem + (resumable ? "; to finish: " + resume_command(options) : "") +
                               (options.update ? "; the baseline was not updated" : ""));
}

Exit run_one(const RunOptions& options, const Suite& suite, const Paths& paths, const Store* former,
             std::stop_source& stop) {
  const auto target = parse_target(options.target.empty() ? "reference" : options.target, paths);
  if (!target)
    return print_error(Exit::usage, target.error());
  if (const auto writable = check_folder(options.out, store_name); !writable)
    return print_error(Exit::harness_fault, writable.error());
  return report(judge_one(*target, suite, options, paths, options.out, former, stop),
                {target->name, *target}, options, options.out);
}

// A run over several targets, one after the other; a target that does not start costs the others
// nothing.
class Several {
public:
  Several(const std::vector<NamedTarget>& targets, const RunOptions& options, const Suite& suite,
          const Paths& paths, std::stop_source& stop)
      : targets_(targets), options_(options), suite_(suite), paths_(paths), stop_(stop) {}

  // The worst exit code of all: that it was interrupted, then a fault of ours, a target that did
  // not start, one that is not conformant.
  Exit run() {
    if (const auto writable = check_folders(); !writable)
      return print_error(Exit::harness_fault, writable.error());
    for (const NamedTarget& one : targets_)
      over_ ? leave_out(one) : judge(one);
    if (const auto written = write_overview(rows_, options_.out); !written)
      return print_error(std::max(gravest_, Exit::harness_fault), written.error());
    print(stdout, "\nall: {}\n", (fs::absolute(options_.out) / "index.html").string());
    return gravest_;
  }

private:
  Result<> check_folders() const {
    auto writable = check_folder(options_.out, store_name);
    for (size_t i = 0; i < targets_.size() && writable; ++i) {
      const fs::path dir = options_.out / targets_[i].name;
      std::error_code ignored;
      writable = check_folder(dir, store_name);
      if (writable && options_.resume.empty())
        fs::remove(dir / store_name, ignored); // of another run, not to be taken for this one's
    }
    return writable;
  }

  void judge(const NamedTarget& one) {
    const fs::path out = options_.out / one.name;
    print(stdout, "{}== {}\n", AsIs{rows_.empty() ? "" : "\n"}, one.name);
    flush(stdout);
    const bool resumed = !options_.resume.empty() && fs::exists(out / store_name);
    const auto former = resumed ? read_store(out) : Result<Store>();
    Outcome outcome = former
                          ? judge_one(one.target, suite_, options_, paths_, out,
                                      resumed ? &*former : nullptr, stop_)
                          : Outcome{{}, Outcome::Problem::does_not_fit, to_string(former.error())};
    gravest_ = std::max(gravest_, report(outcome, one, options_, out));
    over_ = stop_.stop_requested() || outcome.problem == Outcome::Problem::not_written;
    rows_.push_back({one.name, one.target.name, std::move(outcome.run), outcome.reason});
  }

  void leave_out(const NamedTarget& one) {
    rows_.push_back({one.name, one.target.name, {}, "the run was interrupted before", false});
  }

  const std::vector<NamedTarget>& targets_;
  const RunOptions& options_;
  const Suite& suite_;
  const Paths& paths_;
  std::stop_source& stop_;
  std::vector<OverviewRow> rows_;
  Exit gravest_ = Exit::conformant;
  bool over_ = false;
};

// The store that says what the run to be resumed is: of several targets the first that has one.
Result<Store> first_store(const RunOptions& options,
                          const std::optional<std::vector<NamedTarget>>& targets) {
  if (!targets)
    return read_store(options.out);
  for (const NamedTarget& one : *targets)
    if (fs::exists(options.out / one.name / store_name))
      return read_store(options.out / one.name);
  return fail(fmt::format("no target of {} has a store of histories there: nothing to resume",
                          options.targets.string()),
              {options.out.string()});
}

} // namespace

Exit run_command(const RunOptions& given, const Paths& paths) {
  RunOptions options = given;
  Interruption interruption;
  adopt_orphans();
  std::optional<std::vector<NamedTarget>> targets;
  if (!options.targets.empty()) {
    Diagnostics diagnostics;
    targets = load_targets(options.targets, paths, diagnostics);
    if (print_diagnostics(diagnostics))
      return Exit::usage;
  }
  if (!options.baseline.empty() && !check_baseline(options.baseline, options.update))
    return Exit::usage;
  std::optional<Store> former;
  if (!options.resume.empty()) {
    options.out = fs::absolute(options.resume).lexically_normal();
    // The resumed run may have another working directory.
    options.targets = options.targets.empty() ? options.targets : fs::absolute(options.targets);
    options.baseline = options.baseline.empty() ? options.baseline : fs::absolute(options.baseline);
    auto store = first_store(options, targets);
    if (!store)
      return print_error(Exit::usage, store.error());
    former = std::move(*store);
    if (const auto same = adopt(former->header, options, targets ? nullptr : &options.target);
        !same)
      return print_error(Exit::usage, fmt::format("{}: does not fit: {}", options.out.string(),
                                                  same.error().message));
  }
  if (options.network) // hosts inherit it
    ::setenv("PEP554_NETWORK", "on", 1);
  options.isolation = describe_isolation(paths);
  auto suite = load_and_report(paths, options.cases);
  if (!suite)
    return Exit::usage;
  const std::vector<std::string> ids = ids_of(*suite);
  const Selection selection{options.filter, options.shard, options.times};
  if (const auto selected = select(*suite, selection); !selected)
    return print_error(Exit::usage, selected.error());
  if (!options.cases.empty())
    options.examples = 0; // other tables are all that is asked for
  if (suite->cases.empty() && (suite->properties.empty() || options.examples == 0))
    return print_error(Exit::nothing_run, nothing_selected(selection, ids));
  if (targets)
    return Several(*targets, options, *suite, paths, interruption.stop()).run();
  return run_one(options, *suite, paths, former ? &*former : nullptr, interruption.stop());
}

} // namespace pep554
