// pep554 properties: runs generated programs against one target, shrinks failures, and stores them
// as cases for pep554 replay and run.
#include <algorithm>
#include <thread>

#include <fmt/format.h>
#include <fnmatch.h>

#include "cases/properties/statistics.h"
#include "harness/cli/commands.h"
#include "harness/cli/interruption.h"
#include "harness/cli/load.h"
#include "harness/cli/print.h"
#include "harness/cli/search_report.h"
#include "harness/engine/orphans.h"
#include "harness/run/case_runner.h"
#include "harness/run/corpus.h"
#include "harness/run/target_advice.h"
#include "harness/run/unjudged_module.h"
#include "spec/nearest.h"

namespace pep554 {
namespace {

using properties::Property;

constexpr std::uint64_t usual_examples = 1000;

std::uint64_t examples_of(const PropertiesOptions& options) {
  return options.examples > 0 || options.seconds > 0 ? options.examples : usual_examples;
}

std::chrono::milliseconds milliseconds_of(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

int print_statistics(const PropertiesOptions& options, const std::vector<Property>& properties) {
  properties::Statistics statistics;
  const std::uint64_t count = examples_of(options) > 0 ? examples_of(options) : usual_examples;
  for (std::uint64_t number = options.from; number < options.from + count; ++number) {
    const Property& property = property_of(properties, number);
    statistics.add(generate(property.profile, options.seed, number), property.name);
  }
  print(stdout, "seed {}, {}", options.seed, AsIs{statistics.text()});
  return 0;
}

Exit exit_of(const PropertySearch::Outcome& outcome, const SearchReport& report,
             std::uint64_t examples, bool stopped) {
  if (!report.written())
    return print_error(Exit::harness_fault, report.written().error());
  if (stopped)
    return print_error(Exit::interrupted,
                       fmt::format("interrupted: {}{} examples were run; continue with --from {}",
                                   outcome.examples,
                                   examples > 0 ? fmt::format(" of {}", examples) : "",
                                   outcome.next));
  if (outcome.judged() == 0 && outcome.known_failures == 0)
    return print_error(Exit::nothing_run, "no example was judged");
  const bool all_judged = outcome.judged() == outcome.examples && outcome.known_not_judged == 0;
  return all_judged && outcome.kinds == 0 && outcome.known_failures == 0 ? Exit::conformant
                                                                         : Exit::not_conformant;
}

Exit run_search(const PropertiesOptions& options, const Target& target, const Paths& paths,
                const ClauseSet& clauses, const std::vector<Property>& properties,
                const std::vector<KnownCase>& known) {
  Interruption interruption;
  adopt_orphans();
  const unsigned jobs =
      options.jobs > 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
  Scheduler scheduler({target.command, jobs, std::chrono::seconds(60)});
  std::stop_source& stop = interruption.stop();
  if (const auto started = scheduler.start(stop.get_token()); !started)
    return print_error(stop.stop_requested() ? Exit::interrupted : Exit::no_target,
                       did_not_start(target, target.name, started.error().message));
  print_warning(unjudged_warning(target, scheduler.hello()));
  if (const std::string& reason = scheduler.hello().unsupported_reason; !reason.empty())
    return print_error(Exit::nothing_run, fmt::format("{}: nothing was run", reason));
  const std::uint64_t examples = examples_of(options);
  PropertySearchOptions wanted;
  wanted.seed = options.seed;
  wanted.from = options.from;
  wanted.examples = examples > 0 ? examples : ~std::uint64_t{0} >> 1U;
  wanted.first = options.first;
  wanted.deadline = milliseconds_of(options.timeout_seconds);
  wanted.searching = milliseconds_of(options.seconds);
  wanted.shrinking = milliseconds_of(options.shrink_seconds);
  SearchReport report({target.name, options.seed, options.seconds > 0 ? 0 : examples,
                       options.out / "failures", plain_python(target, scheduler.hello()),
                       on_plugin(target, paths, "./repro")},
                      clauses, fitting_style(stderr, options.quiet));
  const Baseline baseline = measured_baseline(scheduler);
  PropertySearch search(scheduler, properties, known, gating(clauses), baseline, wanted,
                        report.listener());
  const PropertySearch::Outcome outcome = search.run();
  report.conclude(outcome, properties);
  return exit_of(outcome, report, examples, stop.stop_requested());
}

// Nothing after an error, which is printed.
std::optional<std::vector<KnownCase>> load_known(const PropertiesOptions& options,
                                                 const Paths& paths, const ClauseSet& clauses) {
  Diagnostics diagnostics;
  std::vector<KnownCase> known;
  if (options.anew)
    return known;
  for (const auto& folder : {paths.cases / "known", options.corpus, options.out / "failures"}) {
    if (folder.empty())
      continue;
    auto more = load_corpus(folder, clauses, diagnostics);
    for (KnownCase& one : more)
      limit(one.cases, milliseconds_of(options.timeout_seconds));
    std::ranges::move(more, std::back_inserter(known));
  }
  return print_diagnostics(diagnostics) ? std::nullopt : std::optional(std::move(known));
}

} // namespace

Exit properties_command(const PropertiesOptions& options, const Paths& paths) {
  const auto target = parse_target(options.target.empty() ? "reference" : options.target, paths);
  if (!target)
    return print_error(Exit::usage, target.error());
  auto suite = load_and_report(paths);
  if (!suite)
    return Exit::usage;
  std::vector<Property>* properties = &suite->properties;
  std::vector<std::string> names;
  std::ranges::transform(*properties, std::back_inserter(names), &Property::name);
  if (!options.property.empty())
    std::erase_if(*properties, [&](const Property& one) {
      return ::fnmatch(options.property.c_str(), one.name.c_str(), 0) != 0;
    });
  if (properties->empty())
    return print_error(Exit::nothing_run,
                       fmt::format("no property matches \"{}\"{}: see pep554 list properties",
                                   options.property, did_you_mean(options.property, names)));
  if (options.stats)
    return static_cast<Exit>(print_statistics(options, *properties));
  const auto known = load_known(options, paths, suite->clauses);
  return known ? run_search(options, *target, paths, suite->clauses, *properties, *known)
               : Exit::usage;
}

} // namespace pep554
