#include "harness/cli/search_report.h"

#include <algorithm>

#include <fmt/ranges.h>

#include "harness/cli/print.h"
#include "harness/run/failure_folder.h"
#include "harness/run/reproduce.h"
#include "harness/run/shell.h"
#include "reports/text.h"

namespace pep554 {

namespace fs = std::filesystem;
using properties::Property;

namespace {

std::string kinds_of_failure(size_t count) {
  return counted(count, "kind of failure", "kinds of failure");
}

std::string how_often(const Counterexample& one) {
  if (one.reproduced > 0)
    return fmt::format("reproduced in {} of {} executions", one.reproduced, one.executions);
  const bool once = one.seen == 1;
  const size_t in_vain = once ? one.tried + one.executions : one.executions;
  const std::string seen =
      once ? "observed once, in the search"
           : fmt::format("observed {} times, in the search and while shrinking", one.seen);
  return in_vain > 0 ? fmt::format("{}; not reproduced in {} executions", seen, in_vain)
                     : seen + "; interrupted before it was executed again";
}

} // namespace

PropertySearch::Listener SearchReport::listener() {
  PropertySearch::Listener listener;
  listener.known = [this](const auto& one, const auto& failure) { known(one, failure); };
  listener.example = [this](std::uint64_t done) { example(done); };
  listener.found = [this](const auto& signature, std::uint64_t number, const Property& property) {
    found(signature, number, property);
  };
  listener.shrinking = [this](const auto& signature) { shrinking(signature); };
  listener.shrunk = [this](const auto& one) { shrunk(one); };
  return listener;
}

// Takes the rewritten line away.
AsIs SearchReport::fresh_line() const {
  return {style_ == Progress::Style::terminal ? "\r\033[K" : ""};
}

void SearchReport::known(const KnownCase& known, const std::optional<Failure>& failure) {
  if (failure)
    print(stdout, "{}stored failure: {} still fails: {}\n", fresh_line(), known.label,
          failure->signature);
  flush(stdout);
}

// A line now and then, or one that is rewritten.
void SearchReport::example(std::uint64_t done) {
  done_ = done;
  const std::string all = about_.examples > 0 ? std::to_string(about_.examples) : "";
  if (style_ == Progress::Style::terminal)
    print(stderr, "\r\033[K[{}{}{}] {}", done, all.empty() ? "" : "/", all,
          kinds_of_failure(kinds_));
  else if (style_ == Progress::Style::log && throttle_.due(done))
    print(stderr, "{}{}{} examples run, {}\n", done, all.empty() ? "" : " of ", all,
          kinds_of_failure(kinds_));
  flush(stderr);
}

void SearchReport::found(const std::string& signature, std::uint64_t example,
                         const Property& property) {
  ++kinds_;
  if (style_ != Progress::Style::quiet)
    print(stderr, "{}found: {} (example {}, {})\n", fresh_line(), signature, example,
          property.name);
}

void SearchReport::shrinking(const std::string& signature) {
  if (style_ == Progress::Style::terminal)
    print(stderr, "\r\033[Kshrinking {}", signature);
  flush(stderr);
}

void SearchReport::shrunk(const Counterexample& one) {
  const std::string effort = fmt::format("{} programs run to shrink it{}", one.tried,
                                         one.exhausted ? ", out of time" : "");
  if (one.further) {
    print(stdout, "{}  also by another program (example {}, {}; {}):\n", fresh_line(), one.example,
          one.property->name, effort);
  } else {
    print(stdout, "{}\n{}: {} of {} examples, the first is number {}; {}\n", fresh_line(),
          one.signature, one.examples, done_, one.example, effort);
    print(stdout, "  {}: {}\n", one.property->name, one.property->sentence);
    std::vector<std::string_view> others;
    for (const Property* property : one.properties)
      if (property != one.property)
        others.push_back(property->name);
    if (!others.empty())
      pep554::print(stdout, "  breaks also: {}\n", fmt::join(others, ", "));
  }
  if (one.known.empty())
    show(one);
  else
    print(stdout, "  stored already: {}; --anew writes it again, with its scripts\n", one.known);
  flush(stdout);
}

void SearchReport::show(const Counterexample& one) {
  for (const StepResult& step : one.result.steps)
    print(stdout, "    {}{}\n", step.lane > 0 ? fmt::format("[{}] ", step.lane) : "", step.text);
  print(stdout, "  {}: {}\n  {}\n", to_string(one.result.verdict), one.result.reason,
        how_often(one));
  const auto folder = folder_for(one, about_.failures, clauses_);
  const auto written = write_failure(one, folder,
                                     fmt::format("Found with seed {} as example {} against {}.",
                                                 about_.seed, one.example, about_.target));
  if (written_)
    written_ = written;
  if (!written)
    return;
  print(stdout, "  again: pep554 replay --target {} {}\n", quoted(about_.target),
        quoted(folder.string()));
  if (one.cases.size() > 1)
    print(stdout, "  {}\n", no_script_of_two);
  else
    reproduce(one, folder);
}

// A script, and whether it shows the same without us.
void SearchReport::reproduce(const Counterexample& one, const fs::path& folder) {
  const auto made = pep554::reproduce(
      {one.cases.front(), clauses_, &one.result, &one.histories.front(), one.property->clauses},
      one.executions > 0 ? about_.python : std::nullopt, about_.on_plugin, folder);
  if (!made && written_)
    written_ = tl::unexpected(made.error());
  if (one.executions == 0)
    print(stdout, "  alone: {}: not run: interrupted\n", (folder / "repro.py").string());
  else if (made && !made->empty())
    print(stdout, "  alone: {}\n", *made);
}

void SearchReport::conclude(const PropertySearch::Outcome& outcome,
                            const std::vector<Property>& properties) {
  const size_t failed = static_cast<size_t>(std::ranges::count_if(
      outcome.tallies, [](const auto& entry) { return entry.second.failures > 0; }));
  print(stdout, "{}\n{} of {}, seed {}: {}\n", fresh_line(), counted(outcome.examples, "example"),
        counted(outcome.tallies.size(), "property", "properties"), about_.seed,
        outcome.kinds == 0 ? "no failures"
                           : fmt::format("{}, in {}", kinds_of_failure(outcome.kinds),
                                         counted(failed, "property", "properties")));
  for (const Property& property : properties)
    if (const auto found = outcome.tallies.find(property.name);
        found != outcome.tallies.end() && found->second.failures > 0)
      print(stdout, "  {} of {}: {}\n", found->second.failures, found->second.examples,
            property.sentence);
  if (!outcome.not_shrunk.empty())
    print(stdout, "{} not shrunk (limit reached): {}\n",
          kinds_of_failure(outcome.not_shrunk.size()),
          fmt::format("{}", fmt::join(outcome.not_shrunk, ", ")));
  if (outcome.known_failures > 0)
    print(stdout, "{} still failing\n", counted(outcome.known_failures, "stored failure"));
  print_missing(outcome, properties);
  flush(stdout);
}

// Prints the examples that are neither a pass nor a failure.
void SearchReport::print_missing(const PropertySearch::Outcome& outcome,
                                 const std::vector<Property>& properties) {
  if (outcome.unsupported > 0)
    print(stdout, "{} not judged: the target does not support an operation\n",
          counted(outcome.unsupported, "example"));
  if (outcome.unobtained > 0)
    print(stdout, "{} not judged: no result was obtained; e.g. {}\n",
          counted(outcome.unobtained, "example"), outcome.why_unobtained);
  for (const Property& property : properties)
    if (const auto found = outcome.tallies.find(property.name);
        found != outcome.tallies.end() && found->second.not_judged > 0)
      print(stdout, "  {} of {} not judged: {}\n", found->second.not_judged, found->second.examples,
            property.sentence);
  if (outcome.known_not_judged > 0)
    print(stdout, "{} not judged\n", counted(outcome.known_not_judged, "stored failure"));
}

} // namespace pep554
