// pep554 run: load, start the target, execute, judge, report. Each failure is reported once, here.
#include <algorithm>
#include <ctime>
#include <optional>
#include <thread>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/progress.h"
#include "harness/cli/suite.h"
#include "harness/cli/targets.h"
#include "harness/engine/assess.h"
#include "harness/engine/judge.h"
#include "harness/engine/scheduler.h"
#include "reports/writer.h"
#include "spec/text.h"

namespace pep554 {
namespace {

std::string now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

// A word as a shell takes it.
std::string quoted(const std::string& word) {
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("-_./:,=+@%").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::ranges::all_of(word, plain))
    return word;
  std::string safe = "'";
  for (const char c : word)
    safe += c == '\'' ? "'\\''" : std::string(1, c);
  return safe + "'";
}

std::string replay(const RunOptions& options, const std::string& id) {
  std::string command = "pep554 run";
  if (options.target != "reference")
    command += " --target " + quoted(options.target);
  if (!options.cases.empty())
    command += " --cases " + quoted(options.cases.string());
  return command + " --filter " + quoted(id);
}

unsigned jobs_of(const RunOptions& options) {
  return options.jobs > 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
}

void execute(const RunOptions& options, Suite& suite, Scheduler& scheduler, RunResult& run) {
  std::vector<const Program*> programs;
  for (Case& one : suite.cases) {
    if (options.timeout_seconds > 0)
      one.program.limits.deadline = std::chrono::milliseconds(
          std::max<std::int64_t>(1, static_cast<std::int64_t>(options.timeout_seconds * 1000)));
    programs.push_back(&one.program);
  }
  Progress progress(stderr, fitting_style(stderr, options.quiet), wants_colour(stderr),
                    programs.size());
  scheduler.run(programs, [&](size_t index, const History& history) {
    CaseResult result = judge(suite.cases[index], history);
    result.replay = replay(options, result.id);
    progress.finished(result);
    run.cases.push_back(std::move(result));
  });
  progress.end();
}

bool all_passed(const RunResult& run) {
  return std::ranges::all_of(run.cases, [](const CaseResult& one) {
    return one.verdict == Verdict::pass || one.verdict == Verdict::observed;
  });
}

void print_summary(const RunResult& run, const RunOptions& options) {
  const bool colour = wants_colour(stdout);
  std::string counts;
  for (const auto& [verdict, count] : run.counts())
    counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, painted(verdict, colour));
  fmt::print("{}\n{} cases in {:.1f} s: {}\n", run.claim, run.cases.size(),
             static_cast<double>(run.milliseconds) / 1000, counts);
  fmt::print("page: {}\n", (std::filesystem::absolute(options.out) / "index.html").string());
}

} // namespace

Exit run_command(const RunOptions& options, const Paths& paths) {
  std::string error;
  const auto target = parse_target(options.target, paths, error);
  if (!target) {
    fmt::print(stderr, "pep554: {}\n", error);
    return Exit::usage;
  }
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
  const auto began = std::chrono::steady_clock::now();
  RunResult run;
  run.started = now();
  Scheduler scheduler({target->command, jobs_of(options)});
  if (!scheduler.start(error)) {
    fmt::print(stderr, "pep554: target {} did not start: {}\n", target->name, error);
    return Exit::no_target;
  }
  run.version = PEP554_VERSION;
  run.text_sha256 = text_sha256();
  run.target = {target->name, scheduler.hello().facts};
  run.filter = options.filter;
  run.jobs = jobs_of(options);
  execute(options, *suite, scheduler, run);
  run.milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::steady_clock::now() - began)
                         .count();
  assess(run, suite->clauses);
  if (const auto failure = write_reports(run, options.out)) {
    fmt::print(stderr, "pep554: {}\n", *failure);
    return Exit::harness_fault;
  }
  print_summary(run, options);
  const bool partial = !options.filter.empty() || !options.cases.empty();
  return (partial ? all_passed(run) : run.conformant) ? Exit::conformant : Exit::not_conformant;
}

} // namespace pep554
