// pep554 replay and pep554 judge: what was found, again. One executes the programs, the other
// judges the histories that were kept.
#include <chrono>

#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/interruption.h"
#include "harness/cli/reproduce.h"
#include "harness/cli/say.h"
#include "harness/cli/suite.h"
#include "harness/cli/targets.h"
#include "harness/engine/judge.h"
#include "harness/engine/orphans.h"
#include "harness/engine/scheduler.h"
#include "harness/hunt/corpus.h"
#include "harness/hunt/example.h"
#include "harness/hunt/failure_folder.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;

// Cases that belong together: one, or two that are compared.
using Programs = std::vector<Case>;

// The table of a failure's folder, or the file itself.
fs::path table_of(const fs::path& given) {
  if (!fs::is_directory(given))
    return given;
  return fs::exists(given / "pair.toml") ? given / "pair.toml" : given / "finding.toml";
}

// Nothing when the table is no good, which was said.
std::vector<Programs> load(const fs::path& given, const ClauseSet& clauses) {
  const fs::path table = table_of(given);
  Diagnostics diagnostics;
  std::vector<Programs> all;
  if (!fs::exists(table))
    diagnostics.add({given.string(), 0, 0}, "holds no failure: expected finding.toml or pair.toml");
  else
    all = read_programs(table, clauses, diagnostics);
  return tell(diagnostics) ? std::vector<Programs>{} : all;
}

void show(const CaseResult& result) {
  for (const StepResult& step : result.steps) {
    say(stdout, "  {}{}\n", step.lane > 0 ? fmt::format("[{}] ", step.lane) : "", step.text);
    if (!step.got.empty())
      say(stdout, "      -> {}\n", step.got);
    if (step.state == StepResult::State::disagreed)
      say(stdout, "      expected: {}\n", step.expected);
    if (step.state == StepResult::State::no_answer)
      say(stdout, "      no answer\n");
  }
}

// Says what came of it.
Judgement tell(const Programs& programs, const std::vector<History>& histories,
               const Baseline& baseline) {
  for (size_t i = 0; i < programs.size(); ++i) {
    say(stdout, "{}\n", programs[i].title);
    show(judge(programs[i], histories[i], baseline));
  }
  Judgement judgement = judgement_of(programs, histories, baseline);
  say(stdout, "  {}{}{}\n", to_string(judgement.verdict), judgement.reason.empty() ? "" : ": ",
      judgement.reason);
  const auto& failure = judgement.failure;
  if (failure)
    say(stdout, "  signature: {}\n", failure->signature);
  if (failure && !failure->result.trace.empty())
    say(stdout, "{}\n", failure->result.trace);
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
      return complain(Exit::nothing_run, "nothing was judged");
    return failed + not_judged > 0 ? Exit::not_conformant : Exit::conformant;
  }
};

// Writes the scripts of a failure to a folder with the case's name, and says what the plain
// interpreter shows. False when they could not be written, which was said.
bool show_alone(const repro::Subject& subject, const std::optional<PlainPython>& python,
                const std::string& on_plugin, const fs::path& scripts) {
  const fs::path folder = scripts / subject.subject.id;
  std::error_code failure;
  fs::create_directories(folder, failure); // what it could not make, cannot be written to
  const auto made = reproduce(subject, python, on_plugin, folder);
  if (made.problem)
    complain(Exit::harness_fault, *made.problem);
  else
    say(stdout, "  alone: {}\n",
        made.alone.empty() ? "no plain interpreter is known for this target" : made.alone);
  return !made.problem;
}

} // namespace

Exit replay_command(const ReplayOptions& options, const Paths& paths) {
  Interruption interruption;
  adopt_orphans();
  std::string error;
  const auto target =
      parse_target(options.target.empty() ? "reference" : options.target, paths, error);
  if (!target)
    return complain(Exit::usage, error);
  const auto suite = load_suite(paths, {});
  auto all = suite ? load(options.file, suite->clauses) : std::vector<Programs>{};
  if (all.empty())
    return Exit::usage;
  if (options.timeout_seconds > 0)
    for (Programs& programs : all)
      limit(programs,
            std::chrono::milliseconds(static_cast<std::int64_t>(options.timeout_seconds * 1000)));
  Scheduler scheduler({target->command, 1, std::chrono::seconds(60)});
  if (!scheduler.start(error, interruption.stop().get_token()))
    return complain(Exit::no_target,
                    fmt::format("target {} did not start: {}", target->name, error));
  if (const std::string& lacks = scheduler.hello().lacks; !lacks.empty())
    return complain(Exit::nothing_run, fmt::format("{}: nothing was run", lacks));
  const Baseline baseline =
      baseline_from(scheduler.run_alone(baseline_program(), Birth::forked).value_or(History{}));
  const auto python = plain_python(*target, scheduler.hello());
  Balance counts;
  for (const Programs& programs : all)
    for (unsigned i = 0; i < options.times; ++i) {
      std::vector<History> histories;
      for (const Case& one : programs)
        if (auto history = scheduler.run_alone(one.program, Birth::forked))
          histories.push_back(std::move(*history));
      if (histories.size() < programs.size())
        return complain(Exit::interrupted, "interrupted");
      const Judgement judgement = tell(programs, histories, baseline);
      counts.add(judgement);
      const auto& failure = judgement.failure;
      if (!failure || options.scripts.empty())
        continue;
      if (programs.size() > 1) {
        say(stdout, "  {}\n", no_script_of_two);
        continue;
      }
      const repro::Subject subject{programs[0], suite->clauses, &failure->result, &histories[0],
                                   clauses_of_property(programs[0], paths, suite->clauses)};
      if (!show_alone(subject, python, on_plugin(*target, paths, "./repro"), options.scripts))
        return Exit::harness_fault;
    }
  say(stdout, "{}: {} of {} executions failed{}\n", target->name, counts.failed, counts.all,
      counts.not_judged > 0 ? fmt::format(", {} were not judged", counts.not_judged) : "");
  return counts.exit();
}

Exit judge_command(const std::vector<fs::path>& folders, const Paths& paths) {
  const auto suite = load_suite(paths, {});
  if (!suite)
    return Exit::usage;
  Balance counts;
  bool unreadable = false;
  for (const fs::path& folder : folders) {
    auto all = load(folder, suite->clauses);
    std::string error;
    const auto stored = all.empty() ? std::nullopt : read_histories(folder, all.front(), error);
    if (!error.empty())
      complain(Exit::usage, error);
    unreadable = unreadable || !stored;
    if (!stored)
      continue;
    for (Case& one : all.front())
      one.program.limits.deadline = stored->limit.value_or(one.program.limits.deadline);
    say(stdout, "{}\n", folder.string());
    counts.add(tell(all.front(), stored->histories, stored->baseline));
  }
  return unreadable ? Exit::usage : counts.exit();
}

} // namespace pep554
