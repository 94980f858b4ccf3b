#include "harness/run/property_run.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/engine/attempts.h"
#include "harness/run/case_runner.h"
#include "harness/run/failure_folder.h"
#include "harness/run/plain_python.h"
#include "harness/run/property_search.h"
#include "harness/run/reproduce.h"
#include "harness/run/results.h"

namespace pep554 {
namespace {

using properties::Property;
using std::chrono::milliseconds;

milliseconds milliseconds_of(double seconds) {
  return milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

} // namespace

PropertyRun::PropertyRun(Scheduler& scheduler, const Target& target, const Suite& suite,
                         const RunSettings& settings, const Paths& paths, const Baseline& baseline,
                         std::filesystem::path out, const PropertyRunListener& listener)
    : scheduler_(scheduler), target_(target), suite_(suite), settings_(settings), paths_(paths),
      baseline_(baseline), out_(std::move(out)), listener_(listener) {}

void PropertyRun::run(const std::vector<Execution>& former) {
  PropertySearchOptions options;
  options.seed = settings_.seed;
  options.examples = settings_.examples;
  options.until = settings_.examples;
  if (settings_.timeout_seconds > 0)
    options.deadline = milliseconds_of(settings_.timeout_seconds);
  options.searching = milliseconds_of(settings_.seconds);
  options.shrinking = milliseconds_of(settings_.shrink_seconds);
  options.only.emplace();
  for (const Property& one : suite_.properties)
    options.only->push_back(one.name);
  PropertySearch::Listener listener;
  listener.executed = listener_.executed;
  listener.shrinking = listener_.shrinking;
  listener.shrunk = [this](const Counterexample& one) { settle(one); };
  const std::vector<KnownCase> none;
  PropertySearch search(scheduler_, suite_.all_properties, none, gating(suite_.clauses), baseline_,
                        options, listener);
  for (const Execution& execution : former)
    search.add_former(execution);
  search.run();
}

// Retries it by the policy of all cases; every property that showed this failure has the attempts.
void PropertyRun::settle(const Counterexample& one) {
  Execution execution = stored_finding(one);
  const auto keep = [&] {
    for (const Property* property : one.properties) {
      execution.item = item_of(*property);
      listener_.executed(execution);
    }
  };
  keep();
  const std::vector<Case> cases = with_deadline(one.cases, one.limit.count());
  const std::string item = item_of(*one.properties.front());
  while (const auto mode =
             next_attempt(listener_.attempts(item, one.scenario), scheduler_.hello().fresh)) {
    auto histories = execute_alone(scheduler_, cases, *mode);
    if (!histories)
      return;
    execution.mode = *mode;
    execution.histories = std::move(*histories);
    keep();
  }
}

// Its folder, with a script that shows it without pep554, where there can be one.
Execution PropertyRun::stored_finding(const Counterexample& one) const {
  JudgedHistories judged;
  judged.histories = one.histories;
  judged.limit = one.limit;
  Execution execution = generated(*one.property, one.check, one.scenario, one.example, one.cases,
                                  judged, one.baseline);
  execution.kind = Execution::Kind::smallest;
  if (out_.empty())
    return execution;
  const auto folder = folder_for(one, out_ / "failures", suite_.clauses);
  const auto no_script = [](const Error& error) { return "no script: " + to_string(error); };
  const std::string about = fmt::format("Found with seed {} as example {} against {}.",
                                        settings_.seed, one.example, target_.name);
  if (const auto written = write_failure(one, folder, about); !written) {
    execution.alone = no_script(written.error());
    return execution;
  }
  execution.finding = folder.lexically_relative(out_).string();
  execution.alone = no_script_of_two;
  if (one.cases.size() == 1) {
    const auto made =
        reproduce({one.cases.front(), suite_.clauses, &one.result, &one.histories.front(),
                   one.property->clauses},
                  one.executions > 0 ? plain_python(target_, scheduler_.hello()) : std::nullopt,
                  on_plugin(target_, paths_, "./repro"), folder);
    execution.alone = made ? *made : no_script(made.error());
  }
  return execution;
}

} // namespace pep554
