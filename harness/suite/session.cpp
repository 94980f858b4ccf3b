#include "harness/suite/session.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "harness/cli/case_runner.h"
#include "harness/cli/shell.h"
#include "harness/cli/suite.h"
#include "harness/cli/target_advice.h"
#include "harness/cli/targets.h"
#include "harness/cli/unjudged_module.h"
#include "harness/engine/judge.h"
#include "harness/suite/property_result.h"

namespace pep554 {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds startup_timeout{60'000};
constexpr milliseconds time_to_shrink{10'000}; // a test is waited for

SessionItem item_of(const Paths& paths, std::string id, std::string title,
                    std::vector<std::string> clauses, Source where) {
  where.file = (paths.cases.parent_path() / where.file).lexically_normal().string();
  return {std::move(id), std::move(title), std::move(clauses), std::move(where)};
}

class TheSession : public Session {
public:
  TheSession(SessionOptions options, const Paths& paths, Target target, Suite suite,
             std::vector<properties::Property> properties)
      : options_(std::move(options)), target_(std::move(target)), suite_(std::move(suite)),
        properties_(std::move(properties)) {
    for (const Case& one : suite_.cases)
      items_.push_back(item_of(paths, one.id, one.title, one.clauses, one.where));
    for (const auto& one : properties_)
      items_.push_back(
          item_of(paths, "property." + one.name, one.sentence, one.clauses, one.where));
  }

  const std::vector<SessionItem>& items() const override { return items_; }

  CaseResult run(size_t item) override {
    const SessionItem& subject = items_.at(item);
    CaseResult result = item < suite_.cases.size() ? run_case(suite_.cases[item])
                                                   : run_property(item - suite_.cases.size());
    result.id = subject.id;
    result.title = subject.title;
    result.where = subject.where;
    if (result.clauses.empty())
      result.clauses = subject.clauses;
    return result;
  }

  void end_hosts() override { scheduler_.reset(); }

private:
  // A started scheduler; or nothing, and the result that every item then has.
  std::unique_ptr<Scheduler> start(CaseResult& result) {
    if (no_target_) {
      result = *no_target_;
      return nullptr;
    }
    auto scheduler =
        std::make_unique<Scheduler>(SchedulerOptions{target_.command, 1, startup_timeout});
    std::string error;
    if (!scheduler->start(error))
      return without_target(Verdict::not_run, did_not_start(target_, target_.name, error), result);
    if (!std::exchange(warned_, true))
      warn_of_unjudged_module(target_, scheduler->hello());
    if (const std::string& reason = scheduler->hello().unsupported_reason; !reason.empty())
      return without_target(Verdict::unsupported, reason, result);
    return scheduler;
  }

  std::nullptr_t without_target(Verdict verdict, const std::string& reason, CaseResult& result) {
    result.verdict = verdict;
    result.reason = reason;
    no_target_ = result;
    return nullptr;
  }

  CaseResult run_case(Case one) {
    CaseResult result;
    if (!scheduler_ && !(scheduler_ = start(result)))
      return result;
    if (options_.timeout_seconds > 0)
      one.program.limits.deadline = milliseconds(std::llround(options_.timeout_seconds * 1000));
    if (one.program.repeat > 1 && !baseline_)
      baseline_ = baseline_from(
          scheduler_->run_alone(baseline_program(), StartMode::fork).value_or(History{}));
    // Nothing stops this scheduler.
    result = pep554::run_case(*scheduler_, one, std::max(1U, options_.repeat),
                              baseline_.value_or(Baseline{}))
                 .value();
    result.replay = alone(command("run"), one.id);
    return result;
  }

  CaseResult run_property(size_t index) {
    end_hosts(); // nothing beside it
    CaseResult result;
    const auto scheduler = start(result);
    if (!scheduler)
      return result;
    const std::vector<properties::Property> only{properties_[index]};
    const std::vector<KnownCase> none;
    PropertySearchOptions search;
    search.seed = options_.seed;
    search.examples = options_.examples;
    search.first = true;
    search.shrinking = time_to_shrink;
    if (options_.timeout_seconds > 0)
      search.deadline = milliseconds(std::llround(options_.timeout_seconds * 1000));
    const auto outcome =
        PropertySearch(*scheduler, only, none, gating(suite_.clauses), search, {}).run();
    result = property_result(only.front(), outcome);
    const bool found = !outcome.counterexamples.empty();
    result.replay = fmt::format("{} --property {} --seed {} --from {} --examples {} --anew",
                                command("properties"), quoted(only.front().name), options_.seed,
                                found ? outcome.counterexamples.front().example : 0,
                                found ? 1 : options_.examples);
    return result;
  }

  std::string command(const char* name) const {
    const std::string words = fmt::format("pep554 {}", name);
    return target_.name == "reference" ? words
                                       : words + " --target " + quoted(target_.absolute_name);
  }

  const SessionOptions options_;
  const Target target_;
  const Suite suite_;
  const std::vector<properties::Property> properties_;
  std::vector<SessionItem> items_;       // of the cases, then of the properties
  std::unique_ptr<Scheduler> scheduler_; // of the cases; none while no host runs
  std::optional<Baseline> baseline_;
  std::optional<CaseResult> no_target_;
  bool warned_ = false;
};

} // namespace

std::unique_ptr<Session> Session::open(const SessionOptions& options, const Paths& paths,
                                       std::string& error) {
  auto target = parse_target(options.target.empty() ? "reference" : options.target, paths, error);
  if (!target)
    return nullptr;
  auto suite = load_suite(paths, {});
  auto properties = suite ? load_properties(paths, suite->clauses) : std::nullopt;
  if (!properties) {
    error = "the suite in " + paths.cases.string() + " has errors";
    return nullptr;
  }
  std::vector<std::string> ids = ids_of(*suite);
  for (const auto& one : *properties)
    ids.push_back("property." + one.name);
  if (!options.filter.empty()) {
    select(*suite, options.filter);
    std::erase_if(*properties, [&](const auto& one) {
      return !selects(options.filter, "property." + one.name, one.clauses);
    });
  }
  if (options.examples == 0)
    properties->clear();
  if (suite->cases.empty() && properties->empty()) {
    error = no_case_matches(options.filter, ids);
    return nullptr;
  }
  return std::make_unique<TheSession>(options, paths, std::move(*target), std::move(*suite),
                                      std::move(*properties));
}

} // namespace pep554
