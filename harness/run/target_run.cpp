#include "harness/run/target_run.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "harness/engine/assess.h"
#include "harness/engine/scheduler.h"
#include "harness/run/case_runner.h"
#include "harness/run/property_run.h"
#include "harness/run/results.h"
#include "harness/run/resume.h"
#include "harness/run/target_files.h"
#include "harness/run/unjudged_module.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using Problem = Outcome::Problem;

std::string now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

Suite limited(Suite suite, std::int64_t deadline_ms) {
  suite.cases = with_deadline(std::move(suite.cases), deadline_ms);
  return suite;
}

// One target and its run.
class TargetRun {
public:
  TargetRun(const Target& target, const Suite& suite, const RunSettings& settings,
            const Paths& paths, fs::path out, const Store* former, std::stop_source& stop,
            const RunListener& listener)
      : target_(target), settings_(settings), paths_(paths),
        suite_(limited(suite, timeout_ms(settings))), out_(std::move(out)), former_(former),
        stop_(stop), listener_(listener), header_(header_of(suite, settings)),
        evidence_(suite_, settings.examples > 0),
        scheduler_({target.command, header_.jobs,
                    milliseconds(std::llround(settings.startup_timeout_seconds * 1000))}) {
    header_.target.name = target.name;
    header_.absolute_target = target.absolute_name;
    header_.started = now();
    if (former_ == nullptr)
      return;
    for (const Execution& one : former_->executions)
      evidence_.add(one);
    before_ = milliseconds(former_->at_ms);
  }

  Outcome run() {
    if (const auto same = fits_former(); !same)
      return unfit(same.error());
    if (former_ != nullptr && former_->complete)
      return finished_before();
    const auto started = scheduler_.start(stop_.get_token());
    if (!started && !stop_.stop_requested())
      return {{}, Problem::did_not_start, started.error().message};
    if (!started && former_ == nullptr)
      return {{}, Problem::interrupted, fmt::format("interrupted: 0 of {} were run", total())};
    if (started)
      if (auto trouble = begin())
        return *trouble;
    return conclude();
  }

private:
  Result<> fits_former() const {
    return former_ == nullptr ? Result<>() : fits(former_->header, header_);
  }

  Outcome unfit(const Error& why) const {
    return {{},
            Problem::does_not_fit,
            fmt::format("{}: does not fit: {}", (out_ / store_name).string(), why.message)};
  }

  Outcome finished_before() {
    Outcome outcome;
    outcome.run = results_of(*former_, suite_);
    outcome.stored_bytes = former_->whole;
    return outcome;
  }

  // Everything after the host's `hello`. Returns an outcome when the run cannot continue.
  std::optional<Outcome> begin() {
    const Hello& hello = scheduler_.hello();
    header_.target = {target_.name, hello.facts, hello.unsupported_reason};
    if (std::string files = digest_of_files(target_, paths_); !files.empty())
      header_.target.facts.emplace_back("files_sha256", std::move(files));
    listener_.started(hello);
    if (const UnjudgedModule module = unjudged_module(target_, hello); !module.file.empty())
      header_.target.facts.emplace_back(
          "not_judged", fmt::format("{} ({} judges it)", module.file.string(), module.option));
    if (const auto same = fits_former(); !same)
      return unfit(same.error());
    stored_ = former_ != nullptr ? store_.resume(out_, *former_) : store_.create(out_, header_);
    if (!stored_)
      return Outcome{{}, Problem::not_written, to_string(stored_.error())};
    if (former_ != nullptr)
      header_ = former_->header;
    if (hello.unsupported_reason.empty())
      execute();
    return std::nullopt;
  }

  void execute() {
    listener_.begun(total(), done_before());
    const Baseline baseline = measured_baseline(scheduler_);
    CaseListener listener;
    listener.executed = [this](const Execution& one) { keep(one); };
    listener.attempts = [this](const Case& one) -> const auto& {
      return evidence_.attempts(one.id);
    };
    listener.finished = [this](const Case& one) {
      listener_.finished(evidence_.case_result(header_, one.id));
    };
    CaseRunner(scheduler_, suite_.cases, std::max(1U, settings_.repeat), baseline, listener).run();
    if (header_.examples > 0 && !suite_.properties.empty() && !stop_.stop_requested())
      execute_properties(baseline);
    listener_.ended();
  }

  void execute_properties(const Baseline& baseline) {
    PropertyRunListener listener;
    listener.executed = [this](const Execution& one) { keep(one); };
    listener.attempts = [this](const std::string& item, const properties::Scenario& scenario) {
      return evidence_.property_attempts(item, scenario);
    };
    listener.shrinking = listener_.shrinking;
    PropertyRun(scheduler_, target_, suite_, settings_, paths_, baseline, out_, listener)
        .run(former_ != nullptr ? former_->executions : std::vector<Execution>{});
    for (const properties::Property& one : suite_.properties)
      if (!stop_.stop_requested())
        listener_.finished(evidence_.property_result(header_, item_of(one)));
    properties_finished_ = !stop_.stop_requested();
  }

  // Every execution comes by here, never two at a time.
  void keep(const Execution& execution) {
    evidence_.add(execution);
    stored_ = stored_.and_then([&] { return store_.add(execution, elapsed()); });
    if (!stored_)
      stop_.request_stop(); // without a store results could be lost
  }

  // The run as far as it came, and why no further.
  Outcome conclude() {
    Outcome outcome;
    RunResult run = evidence_.result(header_, properties_finished_);
    run.milliseconds = elapsed();
    if (run.unreached == 0)
      stored_ = stored_.and_then([&] { return store_.end(run.milliseconds); });
    assess(run, suite_.clauses);
    const std::string reached = fmt::format("{} of {} were run", total() - run.unreached, total());
    if (!stored_)
      outcome = {{}, Problem::not_written, to_string(stored_.error()) + ": " + reached};
    else if (run.unreached > 0)
      outcome = {{}, Problem::interrupted, "interrupted: " + reached};
    outcome.run = std::move(run);
    outcome.stored_bytes = store_.size();
    return outcome;
  }

  size_t total() const {
    return suite_.cases.size() + (header_.examples > 0 ? suite_.properties.size() : 0);
  }

  size_t done_before() const {
    return static_cast<size_t>(std::ranges::count_if(suite_.cases, [this](const Case& one) {
      return is_settled(evidence_.attempts(one.id), one.program, settings_.repeat,
                        scheduler_.hello().fresh);
    }));
  }

  std::int64_t elapsed() const {
    const auto since = std::chrono::steady_clock::now() - began_;
    return (before_ + std::chrono::duration_cast<milliseconds>(since)).count();
  }

  const Target& target_;
  const RunSettings& settings_;
  const Paths& paths_;
  const Suite suite_;
  const fs::path out_;
  const Store* former_;
  std::stop_source& stop_;
  const RunListener& listener_;
  StoreHeader header_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  milliseconds before_{0}; // what earlier parts of the run took
  RunEvidence evidence_;
  bool properties_finished_ = false; // or there are none
  StoreWriter store_;
  Result<> stored_; // or the first error of the store
  Scheduler scheduler_;
};

} // namespace

Outcome judge_target(const Target& target, const Suite& suite, const RunSettings& settings,
                     const Paths& paths, const fs::path& out, const Store* former,
                     std::stop_source& stop, const RunListener& listener) {
  return TargetRun(target, suite, settings, paths, out, former, stop, listener).run();
}

} // namespace pep554
