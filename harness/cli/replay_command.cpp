// pep554 replay runs the programs of failures again; pep554 judge judges their stored histories
// again.
#include <chrono>

#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/interruption.h"
#include "harness/cli/load.h"
#include "harness/cli/print.h"
#include "harness/cli/run_report.h"
#include "harness/engine/judge.h"
#include "harness/engine/orphans.h"
#include "harness/engine/scheduler.h"
#include "harness/run/case_runner.h"
#include "harness/run/corpus.h"
#include "harness/run/example.h"
#include "harness/run/failure_folder.h"
#include "harness/run/reproduce.h"
#include "harness/run/target_advice.h"
#include "harness/run/unjudged_module.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;

// Cases that belong together: one, or two that are compared.
using Programs = std::vector<Case>;

// The table of a failure's folder, or the file itself.
fs::path table_of(const fs::path& given) {
  std::error_code failure;
  if (!fs::is_directory(given, failure))
    return given;
  return fs::exists(given / "pair.toml", failure) ? given / "pair.toml" : given / "finding.toml";
}

// Empty after an error in the table, which is printed.
std::vector<Programs> load(const fs::path& given, const ClauseSet& clauses) {
  const fs::path table = table_of(given);
  Diagnostics diagnostics;
  std::vector<Programs> all;
  std::error_code failure;
  if (fs::status(table, failure).type() == fs::file_type::not_found)
    diagnostics.add({given.string(), 0, 0}, "holds no failure: expected finding.toml or pair.toml");
  else
    all = read_programs(table, clauses, diagnostics);
  return print_diagnostics(diagnostics) ? std::vector<Programs>{} : all;
}

void show(const CaseResult& result) {
  for (const StepResult& step : result.steps) {
    print(stdout, "  {}{}\n", step.lane > 0 ? fmt::format("[{}] ", step.lane) : "", step.text);
    if (!step.got.empty())
      print(stdout, "      -> {}\n", step.got);
    if (step.state == StepResult::State::disagreed)
      print(stdout, "      expected: {}\n", step.expected);
    if (step.state == StepResult::State::no_answer)
      print(stdout, "      no answer\n");
  }
}

// Prints the steps and the judgement.
Judgement print_judgement(const Programs& programs, const std::vector<History>& histories,
                          const Baseline& baseline) {
  for (size_t i = 0; i < programs.size(); ++i) {
    print(stdout, "{}\n", programs[i].title);
    show(judge(programs[i], histories[i], baseline));
  }
  Judgement judgement = judgement_of(programs, histories, baseline);
  print(stdout, "  {}{}{}\n", to_string(judgement.verdict), judgement.reason.empty() ? "" : ": ",
        judgement.reason);
  const auto& failure = judgement.failure;
  if (failure)
    print(stdout, "  signature: {}\n", failure->signature);
  if (failure && !failure->result.trace.empty())
    print_lines(stdout, "    | ", failure->result.trace);
  flush(stdout);
  return judgement;
}

struct Balance {
  unsigned all = 0;
  unsigned failed = 0;
  unsigned not_judged = 0; // unsupported, blocked or not-run: never a pass

  void add(const Judgement& judgement) {
    ++all;
    failed += judgement.failure ? 1U : 0U;
    not_judged += judgement.is_obtained() ? 0U : 1U;
  }

  Exit exit() const {
    if (not_judged == all)
      return print_error(Exit::nothing_run, "nothing was judged");
    return failed + not_judged > 0 ? Exit::not_conformant : Exit::conformant;
  }
};

// Writes the scripts of a failure to a folder with the case's name, and prints the outcome in the
// plain interpreter. False when they could not be written, which is printed.
bool show_alone(const repro::Subject& subject, const std::optional<PlainPython>& python,
                const std::string& on_plugin, const fs::path& scripts) {
  const fs::path folder = scripts / subject.subject.id;
  std::error_code failure;
  fs::create_directories(folder, failure); // what it could not make, cannot be written to
  const auto made = reproduce(subject, python, on_plugin, folder);
  if (!made)
    print_error(Exit::harness_fault, made.error());
  else
    print(stdout, "  alone: {}\n",
          made->empty() ? "no plain interpreter is known for this target" : *made);
  return made.has_value();
}

} // namespace

Exit replay_command(const ReplayOptions& options, const Paths& paths) {
  Interruption interruption;
  adopt_orphans();
  const auto target = parse_target(options.target.empty() ? "reference" : options.target, paths);
  if (!target)
    return print_error(Exit::usage, target.error());
  const auto suite = load_and_report(paths);
  auto all = suite ? load(options.file, suite->clauses) : std::vector<Programs>{};
  if (all.empty())
    return Exit::usage;
  if (options.timeout_seconds > 0)
    for (Programs& programs : all)
      limit(programs,
            std::chrono::milliseconds(static_cast<std::int64_t>(options.timeout_seconds * 1000)));
  Scheduler scheduler({target->command, 1, std::chrono::seconds(60)});
  if (const auto started = scheduler.start(interruption.stop().get_token()); !started)
    return print_error(Exit::no_target,
                       did_not_start(*target, target->name, started.error().message));
  print_warning(unjudged_warning(*target, scheduler.hello()));
  if (const std::string& reason = scheduler.hello().unsupported_reason; !reason.empty())
    return print_error(Exit::nothing_run, fmt::format("{}: nothing was run", reason));
  const Baseline baseline = measured_baseline(scheduler);
  const auto python = plain_python(*target, scheduler.hello());
  Balance counts;
  for (const Programs& programs : all)
    for (unsigned i = 0; i < options.times; ++i) {
      std::vector<History> histories;
      for (const Case& one : programs)
        if (auto history = scheduler.run_alone(one.program, StartMode::fork))
          histories.push_back(std::move(*history));
      if (histories.size() < programs.size())
        return print_error(Exit::interrupted, "interrupted");
      const Judgement judgement = print_judgement(programs, histories, baseline);
      counts.add(judgement);
      const auto& failure = judgement.failure;
      if (!failure || options.scripts.empty())
        continue;
      if (programs.size() > 1) {
        print(stdout, "  {}\n", no_script_of_two);
        continue;
      }
      const repro::Subject subject{programs[0], suite->clauses, &failure->result, &histories[0],
                                   clauses_of_property(programs[0], *suite)};
      if (!show_alone(subject, python, on_plugin(*target, paths, "./repro"), options.scripts))
        return Exit::harness_fault;
    }
  print(stdout, "{}: {} of {} executions failed{}\n", target->name, counts.failed, counts.all,
        counts.not_judged > 0 ? fmt::format(", {} were not judged", counts.not_judged) : "");
  return counts.exit();
}

namespace {

// One that is judged again; false when it cannot be read, which is printed.
bool judge_failure(const fs::path& folder, const ClauseSet& clauses, Balance& counts) {
  auto all = load(folder, clauses);
  if (all.empty())
    return false;
  const auto stored = read_histories(folder, all.front());
  if (!stored) {
    print_error(Exit::usage, stored.error());
    return false;
  }
  for (Case& one : all.front())
    one.program.limits.deadline = stored->limit.value_or(one.program.limits.deadline);
  print(stdout, "{}\n", folder.string());
  counts.add(print_judgement(all.front(), stored->histories, stored->baseline));
  return true;
}

Exit judge_failures(const std::vector<fs::path>& folders, const ClauseSet& clauses) {
  Balance counts;
  bool all_readable = true;
  for (const fs::path& folder : folders)
    all_readable = judge_failure(folder, clauses, counts) && all_readable;
  return all_readable ? counts.exit() : Exit::usage;
}

} // namespace

Exit judge_command(const JudgeOptions& options, const Paths& paths) {
  const auto is_run = [](const fs::path& folder) { return fs::exists(folder / store_name); };
  if (std::ranges::none_of(options.folders, is_run)) {
    if (!options.out.empty())
      return print_error(Exit::usage, "--out is for the results of a run: no folder has one");
    const auto suite = load_and_report(paths);
    return suite ? judge_failures(options.folders, suite->clauses) : Exit::usage;
  }
  if (options.folders.size() > 1)
    return print_error(Exit::usage, "expected one run, or failures alone");
  return judge_run(options.folders.front(), options.out, paths);
}

} // namespace pep554
