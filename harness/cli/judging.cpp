#include "harness/cli/judging.h"

#include <algorithm>
#include <ctime>
#include <thread>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "harness/cli/progress.h"
#include "harness/engine/assess.h"
#include "harness/engine/judge.h"
#include "harness/engine/leak.h"
#include "harness/engine/scheduler.h"
#include "harness/engine/tries.h"
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

std::string replay(const Target& target, const RunOptions& options, const std::string& id) {
  std::string command = "pep554 run";
  if (target.name != "reference")
    command += " --target " + quoted(target.name);
  if (!options.cases.empty())
    command += " --cases " + quoted(options.cases.string());
  return command + " --filter " + quoted(id);
}

unsigned jobs_of(const RunOptions& options) {
  return options.jobs > 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
}

// One target and its run.
class Judging {
public:
  Judging(const Target& target, const Suite& suite, const RunOptions& options)
      : target_(target), options_(options), suite_(suite),
        scheduler_({target.command, jobs_of(options)}) {}

  std::optional<RunResult> run(std::string& error) {
    const auto began = std::chrono::steady_clock::now();
    run_.started = now();
    if (!scheduler_.start(error))
      return std::nullopt;
    const Hello& hello = scheduler_.hello();
    run_.version = PEP554_VERSION;
    run_.text_sha256 = text_sha256();
    run_.target = {target_.name, hello.facts, hello.lacks};
    run_.filter = options_.filter;
    run_.jobs = jobs_of(options_);
    if (hello.lacks.empty())
      execute();
    else
      leave_out(hello.lacks);
    run_.milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(
                            std::chrono::steady_clock::now() - began)
                            .count();
    assess(run_, suite_.clauses);
    return std::move(run_);
  }

private:
  void execute() {
    cases_ = suite_.cases;
    if (options_.timeout_seconds > 0)
      for (Case& one : cases_)
        one.program.limits.deadline = std::chrono::milliseconds(
            std::max<std::int64_t>(1, static_cast<std::int64_t>(options_.timeout_seconds * 1000)));
    if (std::ranges::any_of(cases_, [](const Case& one) { return one.program.repeat > 1; }))
      baseline_ = baseline_from(
          scheduler_.run_alone(baseline_program(), Birth::forked).value_or(History{}));
    progress_.emplace(stderr, fitting_style(stderr, options_.quiet), wants_colour(stderr),
                      cases_.size());
    try_all();
    try_again();
    progress_->end();
  }

  // Every case, as often as was asked for. One that passes each time is done.
  void try_all() {
    const unsigned repeat = std::max(1U, options_.repeat);
    std::vector<const Program*> programs;
    for (const Case& one : cases_)
      programs.insert(programs.end(), repeat, &one.program);
    attempts_.resize(cases_.size());
    scheduler_.run(programs, [&](size_t index, const History& history) {
      const size_t subject = index / repeat;
      std::vector<Attempt>& attempts = attempts_[subject];
      attempts.push_back({"first", judge(cases_[subject], history, baseline_)});
      if (attempts.size() == repeat && std::ranges::none_of(attempts, doubtful))
        finished(believe(std::exchange(attempts, {})));
    });
  }

  static bool doubtful(const Attempt& attempt) { return needs_another_try(attempt.result.verdict); }

  // What is not a pass is tried twice more, nothing beside it; the last time in a fresh process
  // where the host can, else by another host.
  void try_again() {
    for (size_t i = 0; i < cases_.size(); ++i)
      if (!attempts_[i].empty() && again(i, Birth::forked, Scheduler::Host::same) && last_try(i))
        finished(believe(std::exchange(attempts_[i], {})));
  }

  bool last_try(size_t subject) {
    return scheduler_.hello().fresh ? again(subject, Birth::fresh, Scheduler::Host::same)
                                    : again(subject, Birth::forked, Scheduler::Host::another);
  }

  // False when the run was stopped.
  bool again(size_t subject, Birth birth, Scheduler::Host host) {
    const auto history = scheduler_.run_alone(cases_[subject].program, birth, host);
    if (history)
      attempts_[subject].push_back(
          {birth == Birth::fresh ? "fresh" : "alone", judge(cases_[subject], *history, baseline_)});
    return history.has_value();
  }

  // Every result that is final comes by here.
  void finished(CaseResult result) {
    result.replay = replay(target_, options_, result.id);
    progress_->finished(result);
    run_.cases.push_back(std::move(result));
  }

  void leave_out(const std::string& why) {
    for (const Case& one : suite_.cases) {
      run_.cases.push_back(judge(one, {}));
      run_.cases.back().verdict = Verdict::unsupported;
      run_.cases.back().reason = why;
      run_.cases.back().replay = replay(target_, options_, one.id);
    }
  }

  const Target& target_;
  const RunOptions& options_;
  const Suite& suite_;
  Scheduler scheduler_;
  std::vector<Case> cases_;
  std::vector<std::vector<Attempt>> attempts_; // of each case that is not finished
  Baseline baseline_;
  std::optional<Progress> progress_;
  RunResult run_;
};

} // namespace

std::optional<RunResult> judge_target(const Target& target, const Suite& suite,
                                      const RunOptions& options, std::string& error) {
  return Judging(target, suite, options).run(error);
}

bool all_passed(const RunResult& run) {
  return std::ranges::all_of(run.cases, [](const CaseResult& one) {
    return one.verdict == Verdict::pass || one.verdict == Verdict::observed;
  });
}

} // namespace pep554
