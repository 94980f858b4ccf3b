#include "harness/cli/target_run.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <iterator>
#include <set>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "harness/build_info/build_info.h"
#include "harness/cli/case_runner.h"
#include "harness/cli/print.h"
#include "harness/cli/progress.h"
#include "harness/cli/resume.h"
#include "harness/cli/shell.h"
#include "harness/cli/unjudged_module.h"
#include "harness/engine/assess.h"
#include "harness/engine/judge.h"
#include "harness/engine/scheduler.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

std::string now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

// The command that runs a case alone, under the same conditions, from any directory. Its report
// goes to a folder of its own, so that it overwrites no other.
std::string replay(const Target& target, const RunOptions& options, const std::string& id) {
  std::string command = "pep554 run";
  if (target.name != "reference")
    command += " --target " + quoted(target.absolute_name);
  if (!options.cases.empty())
    command += " --cases " + quoted(fs::absolute(options.cases).lexically_normal().string());
  if (options.timeout_seconds > 0)
    command += fmt::format(" --timeout {}", options.timeout_seconds);
  if (options.repeat > 1)
    command += fmt::format(" --repeat {}", options.repeat);
  if (options.network)
    command += " --network";
  return alone(command, id);
}

// One target and its run.
class TargetRun {
public:
  TargetRun(const Target& target, const Suite& suite, const RunOptions& options, fs::path out,
            const Journal* former, std::stop_source& stop)
      : target_(target), options_(options), suite_(suite), out_(std::move(out)), former_(former),
        stop_(stop), start_(start_of(suite, options)),
        scheduler_({target.command, start_.jobs,
                    milliseconds(std::llround(options.startup_timeout_seconds * 1000))}) {
    start_.target.name = target.name;
    start_.started = now();
    if (former_ == nullptr)
      return;
    for (const CaseResult& one : former_->cases)
      done_.insert(one.id);
    before_ = milliseconds(former_->at_ms);
  }

  Outcome run() {
    if (former_ != nullptr)
      if (const std::string why = mismatch(former_->start, start_); !why.empty())
        return unfit(why);
    if (former_ != nullptr && former_->complete)
      return finished_before();
    std::string error;
    const bool started = scheduler_.start(error, stop_.get_token());
    if (!started && !stop_.stop_requested())
      return {{}, Exit::no_target, error};
    if (!started && former_ == nullptr)
      return {{}, Exit::interrupted, fmt::format("interrupted: 0 of {} cases were run", total())};
    if (started)
      if (auto trouble = begin())
        return *trouble;
    return conclude();
  }

private:
  Outcome unfit(const std::string& why) const {
    return {
        {}, Exit::usage, fmt::format("{}: does not fit: {}", (out_ / journal_name).string(), why)};
  }

  Outcome finished_before() {
    start_ = former_->start;
    run_.cases = former_->cases;
    run_.milliseconds = former_->at_ms;
    describe_run();
    return {std::move(run_), Exit::conformant, {}};
  }

  // Everything after the host's `hello`. Returns an outcome when the run cannot continue.
  std::optional<Outcome> begin() {
    const Hello& hello = scheduler_.hello();
    start_.target = {target_.name, hello.facts, hello.unsupported_reason};
    warn_of_unjudged_module(target_, hello);
    if (const UnjudgedModule module = unjudged_module(target_, hello); !module.file.empty())
      start_.target.facts.emplace_back(
          "not_judged", fmt::format("{} ({} judges it)", module.file.string(), module.option));
    if (former_ != nullptr)
      if (const std::string why = mismatch(former_->start, start_); !why.empty())
        return unfit(why);
    failure_ = former_ != nullptr ? journal_.resume(out_, *former_) : journal_.create(out_, start_);
    if (failure_)
      return Outcome{{}, Exit::harness_fault, *failure_};
    hello.unsupported_reason.empty() ? execute() : leave_out(hello.unsupported_reason);
    return std::nullopt;
  }

  // Cases that have no result yet, with the limits of this run.
  std::vector<Case> missing() const {
    std::vector<Case> cases;
    for (const Case& one : suite_.cases) {
      if (done_.contains(one.id))
        continue;
      cases.push_back(one);
      if (start_.timeout_ms > 0)
        cases.back().program.limits.deadline = milliseconds(start_.timeout_ms);
    }
    return cases;
  }

  void execute() {
    if (!options_.quiet)
      print(stderr, "isolation: {}\n", options_.isolation);
    progress_.emplace(stderr, fitting_style(stderr, options_.quiet), wants_colour(stderr), total(),
                      done_.size());
    CaseRunner(scheduler_, missing(), std::max(1U, options_.repeat), [this](CaseResult result) {
      finished(std::move(result));
    }).run();
    progress_->end();
  }

  void leave_out(const std::string& why) {
    for (const Case& one : missing()) {
      CaseResult result = judge(one, {});
      result.verdict = Verdict::unsupported;
      result.reason = why;
      finished(std::move(result));
    }
  }

  // Every result that is final comes by here, never two at a time.
  void finished(CaseResult result) {
    result.replay = replay(target_, options_, result.id);
    if (!failure_ && (failure_ = journal_.add(result, elapsed())))
      stop_.request_stop(); // without a journal results could be lost
    if (progress_)
      progress_->finished(result);
    done_.insert(result.id);
    run_.cases.push_back(std::move(result));
  }

  // The run as far as it came, and why no further.
  Outcome conclude() {
    if (former_ != nullptr) {
      std::ranges::copy(former_->cases, std::back_inserter(run_.cases));
      start_ = former_->start;
    }
    run_.milliseconds = elapsed();
    run_.unreached = total() - run_.cases.size();
    if (run_.unreached == 0 && !failure_)
      failure_ = journal_.end(run_.milliseconds);
    for (const Case& one : missing()) {
      run_.cases.push_back(judge(one, {}));
      run_.cases.back().verdict = Verdict::not_run;
      run_.cases.back().reason = "the run was interrupted before";
      run_.cases.back().replay = replay(target_, options_, one.id);
    }
    describe_run();
    const std::string reached =
        fmt::format("{} of {} cases were run", total() - run_.unreached, total());
    Outcome outcome;
    if (failure_)
      outcome = {{}, Exit::harness_fault, *failure_ + ": " + reached};
    else if (run_.unreached > 0)
      outcome = {{}, Exit::interrupted, "interrupted: " + reached};
    outcome.run = std::move(run_);
    return outcome;
  }

  void describe_run() {
    run_.version = start_.version;
    run_.commit = build_commit();
    run_.text_sha256 = start_.text_sha256;
    run_.target = start_.target;
    run_.filter = start_.filter;
    run_.isolation = options_.isolation;
    run_.started = start_.started;
    run_.jobs = start_.jobs;
    assess(run_, suite_.clauses);
  }

  size_t total() const { return suite_.cases.size(); }

  std::int64_t elapsed() const {
    const auto since = std::chrono::steady_clock::now() - began_;
    return (before_ + std::chrono::duration_cast<milliseconds>(since)).count();
  }

  const Target& target_;
  const RunOptions& options_;
  const Suite& suite_;
  const fs::path out_;
  const Journal* former_;
  std::stop_source& stop_;
  JournalStart start_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  milliseconds before_{0};     // what earlier parts of the run took
  std::set<std::string> done_; // ids of cases that have a result
  JournalWriter journal_;
  JournalWriter::Error failure_; // of the journal
  std::optional<Progress> progress_;
  RunResult run_;
  Scheduler scheduler_;
};

} // namespace

Outcome judge_target(const Target& target, const Suite& suite, const RunOptions& options,
                     const fs::path& out, const Journal* former, std::stop_source& stop) {
  return TargetRun(target, suite, options, out, former, stop).run();
}

bool all_passed(const RunResult& run) {
  return std::ranges::all_of(run.cases, [](const CaseResult& one) {
    return one.verdict == Verdict::pass || one.verdict == Verdict::observed;
  });
}

} // namespace pep554
