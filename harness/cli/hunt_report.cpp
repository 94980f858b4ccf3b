#include "harness/cli/hunt_report.h"

#include <algorithm>

#include <fmt/ranges.h>

#include "harness/cli/reproduce.h"
#include "harness/cli/say.h"
#include "harness/cli/shell.h"
#include "harness/hunt/failure_folder.h"

namespace pep554 {

namespace fs = std::filesystem;
using properties::Property;

namespace {

std::string how_often(const Counterexample& one) {
  if (one.shown > 0)
    return fmt::format("shown by {} of {} executions", one.shown, one.tries);
  const bool once = one.seen == 1;
  const size_t in_vain = once ? one.tried + one.tries : one.tries;
  const std::string seen =
      once ? "seen once, in the search"
           : fmt::format("seen {} times, in the search and to make it small", one.seen);
  return in_vain > 0 ? fmt::format("{}; not again in {} executions", seen, in_vain)
                     : seen + "; interrupted before it was executed again";
}

} // namespace

Hunt::Listener HuntReport::listener() {
  Hunt::Listener listener;
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
std::string HuntReport::fresh_line() const {
  return style_ == Progress::Style::terminal ? "\r\033[K" : "";
}

void HuntReport::known(const KnownCase& known, const std::optional<Failure>& failure) {
  if (failure)
    say(stdout, "{}known: {} still shows {}\n", fresh_line(), known.label, failure->signature);
  flush(stdout);
}

// A line now and then, or one that is rewritten.
void HuntReport::example(std::uint64_t done) {
  done_ = done;
  const std::string all = about_.examples > 0 ? std::to_string(about_.examples) : "";
  if (style_ == Progress::Style::terminal)
    say(stderr, "\r\033[K[{}{}{}] {} kinds of failure", done, all.empty() ? "" : "/", all, kinds_);
  else if (style_ == Progress::Style::log && pace_.due(done))
    say(stderr, "{}{}{} examples run, {} kinds of failure\n", done, all.empty() ? "" : " of ", all,
        kinds_);
  flush(stderr);
}

void HuntReport::found(const std::string& signature, std::uint64_t example,
                       const Property& property) {
  ++kinds_;
  if (style_ != Progress::Style::quiet)
    say(stderr, "{}found: {} (example {}, {})\n", fresh_line(), signature, example, property.name);
}

void HuntReport::shrinking(const std::string& signature) {
  if (style_ == Progress::Style::terminal)
    say(stderr, "\r\033[Kmaking {} small", signature);
  flush(stderr);
}

void HuntReport::shrunk(const Counterexample& one) {
  say(stdout, "{}\n{}: {} of {} examples, the first number {}; {} programs to make it small{}\n",
      fresh_line(), one.signature, one.examples, done_, one.example, one.tried,
      one.exhausted ? ", and no time to make it smaller" : "");
  say(stdout, "  {}: {}\n", one.property->name, one.property->sentence);
  if (one.known.empty())
    show(one);
  else
    say(stdout, "  known already: {}; with --anew it is written down again, with its scripts\n",
        one.known);
  flush(stdout);
}

void HuntReport::show(const Counterexample& one) {
  for (const StepResult& step : one.result.steps)
    say(stdout, "    {}{}\n", step.lane > 0 ? fmt::format("[{}] ", step.lane) : "", step.text);
  say(stdout, "  {}: {}\n  {}\n", to_string(one.result.verdict), one.result.reason, how_often(one));
  const auto folder = folder_for(one, about_.failures, clauses_);
  const auto problem = write_failure(one, folder,
                                     fmt::format("Found with seed {} as example {} against {}.",
                                                 about_.seed, one.example, about_.target));
  if (problem && !problem_)
    problem_ = problem;
  if (problem)
    return;
  say(stdout, "  again: pep554 replay --target {} {}\n", quoted(about_.target),
      quoted(folder.string()));
  if (one.cases.size() > 1)
    say(stdout, "  {}\n", no_script_of_two);
  else
    reproduce(one, folder);
}

// A script, and whether it shows the same without us.
void HuntReport::reproduce(const Counterexample& one, const fs::path& folder) {
  const auto made = pep554::reproduce(
      {one.cases.front(), clauses_, &one.result, &one.histories.front(), one.property->clauses},
      one.tries > 0 ? about_.python : std::nullopt, about_.on_plugin, folder);
  if (made.problem && !problem_)
    problem_ = made.problem;
  if (one.tries == 0)
    say(stdout, "  alone: {}: not executed: interrupted\n", (folder / "repro.py").string());
  else if (!made.alone.empty())
    say(stdout, "  alone: {}\n", made.alone);
}

void HuntReport::conclude(const Hunt::Outcome& outcome, const std::vector<Property>& properties) {
  const size_t failed = static_cast<size_t>(std::ranges::count_if(
      outcome.tallies, [](const auto& entry) { return entry.second.failures > 0; }));
  say(stdout, "{}\n{} examples of {} properties, seed {}: {}\n", fresh_line(), outcome.examples,
      outcome.tallies.size(), about_.seed,
      outcome.kinds == 0
          ? "nothing found"
          : fmt::format("{} kinds of failure, in {} properties", outcome.kinds, failed));
  for (const Property& property : properties)
    if (const auto found = outcome.tallies.find(property.name);
        found != outcome.tallies.end() && found->second.failures > 0)
      say(stdout, "  {} of {}: {}\n", found->second.failures, found->second.examples,
          property.sentence);
  if (!outcome.not_shrunk.empty())
    say(stdout, "{} kinds of failure were not made small, since they are too many: {}\n",
        outcome.not_shrunk.size(), fmt::join(outcome.not_shrunk, ", "));
  if (outcome.known_failures > 0)
    say(stdout, "{} known cases still show something\n", outcome.known_failures);
  tell_missing(outcome, properties);
  flush(stdout);
}

// What is neither a pass nor a failure.
void HuntReport::tell_missing(const Hunt::Outcome& outcome,
                              const std::vector<Property>& properties) {
  if (outcome.unsupported > 0)
    say(stdout, "{} examples need what the target lacks: they were not judged\n",
        outcome.unsupported);
  if (outcome.unobtained > 0)
    say(stdout, "{} examples could not be carried out: they were not judged; e.g. {}\n",
        outcome.unobtained, outcome.why_unobtained);
  for (const Property& property : properties)
    if (const auto found = outcome.tallies.find(property.name);
        found != outcome.tallies.end() && found->second.not_judged > 0)
      say(stdout, "  {} of {} not judged: {}\n", found->second.not_judged, found->second.examples,
          property.sentence);
  if (outcome.known_not_judged > 0)
    say(stdout, "{} known cases were not judged\n", outcome.known_not_judged);
}

} // namespace pep554
