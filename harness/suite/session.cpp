#include "harness/suite/session.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "harness/engine/scheduler.h"
#include "harness/run/case_runner.h"
#include "harness/run/property_run.h"
#include "harness/run/results.h"
#include "harness/run/resume.h"
#include "harness/run/selection.h"
#include "harness/run/target_advice.h"
#include "harness/run/targets.h"
#include "harness/run/unjudged_module.h"
#include "spec/readable.h"

namespace pep554 {
namespace {

using properties::Property;
using std::chrono::milliseconds;

SessionItem session_item(const Paths& paths, std::string id, std::string title,
                         std::vector<std::string> clauses, Source where) {
  where.file = (paths.cases.parent_path() / where.file).lexically_normal().string();
  return {std::move(id), std::move(title), std::move(clauses), std::move(where)};
}

class TheSession : public Session {
public:
  TheSession(Target target, Suite suite, RunSettings settings, Paths paths)
      : target_(std::move(target)), suite_(std::move(suite)), settings_(std::move(settings)),
        paths_(std::move(paths)), header_(header_of(suite_, settings_)) {
    header_.target.name = target_.name;
    header_.absolute_target = target_.absolute_name;
    suite_.cases = with_deadline(std::move(suite_.cases), header_.timeout_ms);
    for (const Case& one : suite_.cases)
      items_.push_back(session_item(paths_, one.id, one.title, one.clauses, one.where));
    for (const Property& one : suite_.properties)
      items_.push_back(session_item(paths_, item_of(one), one.sentence, one.clauses, one.where));
  }

  const std::vector<SessionItem>& items() const override { return items_; }

  CaseResult run(size_t item) override {
    const size_t cases = suite_.cases.size();
    CaseResult result = item < cases ? run_case(suite_.cases[item])
                                     : run_property(suite_.properties.at(item - cases));
    result.where = items_[item].where;
    if (!not_started_.empty())
      result.reason = not_started_;
    return result;
  }

  void end_hosts() override { scheduler_.reset(); }

private:
  // False when the target cannot be asked: `not_started_` or the header then says why.
  bool start() {
    if (scheduler_)
      return true;
    if (!not_started_.empty() || !header_.target.unsupported_reason.empty())
      return false;
    const milliseconds timeout(std::llround(settings_.startup_timeout_seconds * 1000));
    auto scheduler = std::make_unique<Scheduler>(SchedulerOptions{target_.command, 1, timeout});
    if (const auto started = scheduler->start(); !started) {
      not_started_ = did_not_start(target_, target_.name, started.error().message);
      return false;
    }
    const Hello& hello = scheduler->hello();
    if (!std::exchange(warned_, true))
      if (const std::string warning = unjudged_warning(target_, hello); !warning.empty())
        fmt::print(stderr, "pep554: {}\n", on_one_line(warning));
    header_.target = {target_.name, hello.facts, hello.unsupported_reason};
    if (!hello.unsupported_reason.empty())
      return false;
    scheduler_ = std::move(scheduler);
    return true;
  }

  Suite only(std::vector<Case> cases, std::vector<Property> properties) const {
    return {suite_.clauses, std::move(cases), std::move(properties), suite_.all_properties,
            suite_.cases_sha256};
  }

  const Baseline& baseline() {
    if (!baseline_)
      baseline_ = measured_baseline(*scheduler_);
    return *baseline_;
  }

  CaseResult run_case(const Case& one) {
    const Suite suite = only({one}, {});
    RunEvidence evidence(suite, false);
    if (start()) {
      CaseListener listener;
      listener.executed = [&](const Execution& execution) { evidence.add(execution); };
      listener.attempts = [&](const Case& subject) -> const auto& {
        return evidence.attempts(subject.id);
      };
      listener.finished = [](const Case&) {};
      const Baseline none{};
      CaseRunner(*scheduler_, suite.cases, settings_.repeat,
                 one.program.repeat > 1 ? baseline() : none, listener)
          .run_alone();
    }
    return evidence.case_result(header_, one.id);
  }

  CaseResult run_property(const Property& one) {
    end_hosts(); // nothing beside it
    const Suite suite = only({}, {one});
    RunEvidence evidence(suite, true);
    if (start()) {
      PropertyRunListener listener;
      listener.executed = [&](const Execution& execution) { evidence.add(execution); };
      listener.attempts = [&](const std::string& item, const properties::Scenario& scenario) {
        return evidence.property_attempts(item, scenario);
      };
      listener.shrinking = [](const std::string&) {};
      PropertyRun(*scheduler_, target_, suite, settings_, paths_, baseline(), {}, listener).run({});
      end_hosts();
    }
    return evidence.property_result(header_, item_of(one));
  }

  const Target target_;
  Suite suite_; // the selected items
  const RunSettings settings_;
  const Paths paths_;
  StoreHeader header_;
  std::vector<SessionItem> items_;       // of the cases, then of the properties
  std::unique_ptr<Scheduler> scheduler_; // none while no host runs
  std::optional<Baseline> baseline_;
  std::string not_started_; // why the target did not start
  bool warned_ = false;
};

} // namespace

Result<std::unique_ptr<Session>> Session::open(const std::string& target,
                                               const RunSettings& settings, const Paths& paths) {
  auto parsed = parse_target(target.empty() ? "reference" : target, paths);
  if (!parsed)
    return tl::unexpected(parsed.error());
  Diagnostics diagnostics;
  Suite suite = load_suite(paths, {}, diagnostics);
  if (!diagnostics.empty())
    return tl::unexpected(diagnostics.sorted().front());
  const std::vector<std::string> ids = ids_of(suite);
  const Selection selection{settings.filter, settings.shard, settings.times};
  if (const auto selected = select(suite, selection); !selected)
    return tl::unexpected(selected.error());
  if (settings.examples == 0)
    suite.properties.clear();
  if (suite.cases.empty() && suite.properties.empty())
    return fail(nothing_selected(selection, ids));
  return std::make_unique<TheSession>(std::move(*parsed), std::move(suite), settings, paths);
}

} // namespace pep554
