// pep554 properties: programs that nobody wrote, against one target. Findings are told as they
// come, then made small, and written down as cases that pep554 run takes.
#include <algorithm>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cases/properties/statistics.h"
#include "cases/table_writer.h"
#include "harness/cli/commands.h"
#include "harness/cli/hunt.h"
#include "harness/cli/interruption.h"
#include "harness/cli/progress.h"
#include "harness/cli/say.h"
#include "harness/cli/shell.h"
#include "harness/cli/suite.h"
#include "harness/cli/targets.h"
#include "harness/engine/orphans.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;

// Every program judges all that the text states or implies.
std::vector<std::string> gating(const ClauseSet& clauses) {
  std::vector<std::string> ids;
  for (const Clause& clause : clauses.clauses)
    if (clause.kind != ClauseKind::open)
      ids.push_back(clause.id);
  return ids;
}

int print_statistics(const PropertiesOptions& options) {
  properties::Statistics statistics;
  for (std::uint64_t number = 0; number < options.examples; ++number)
    statistics.add(generate(properties::everything(), options.seed, number));
  say(stdout, "seed {}, {}", options.seed, statistics.text());
  return 0;
}

// "crash-destroy-SIGABRT", a folder's name.
std::string name_of(const std::string& signature) {
  std::string name;
  for (const char c : signature)
    name += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '-';
  return name;
}

class Hunter {
public:
  Hunter(const Target& target, const PropertiesOptions& options, const ClauseSet& clauses,
         std::stop_source& stop)
      : target_(target), options_(options), clauses_(gating(clauses)), stop_(stop),
        scheduler_({target.command, jobs(), std::chrono::seconds(60)}) {}

  Exit hunt() {
    std::string error;
    if (!scheduler_.start(error, stop_.get_token()))
      return complain(stop_.stop_requested() ? Exit::interrupted : Exit::no_target,
                      fmt::format("target {} did not start: {}", target_.name, error));
    if (const std::string& lacks = scheduler_.hello().lacks; !lacks.empty())
      return complain(Exit::nothing_run, fmt::format("{}: nothing was run", lacks));
    HuntOptions options;
    options.seed = options_.seed;
    options.examples = options_.examples;
    options.shrinking =
        std::chrono::milliseconds(static_cast<std::int64_t>(options_.shrink_seconds * 1000));
    options.clauses = clauses_;
    Hunt::Listener listener;
    listener.example = [this](std::uint64_t done) { progress(done); };
    listener.found = [this](const auto& signature, std::uint64_t example) {
      found(signature, example);
    };
    listener.shrunk = [this](const Counterexample& finding) { shrunk(finding); };
    Hunt hunt(scheduler_, options, listener);
    const std::vector<Counterexample> findings = hunt.run();
    return conclude(findings, hunt.unsupported());
  }

private:
  unsigned jobs() const {
    return options_.jobs > 0 ? options_.jobs : std::max(1U, std::thread::hardware_concurrency());
  }

  // A line for each quarter, or one that is rewritten.
  void progress(std::uint64_t done) {
    done_ = done;
    const std::uint64_t all = options_.examples;
    if (style_ == Progress::Style::terminal)
      say(stderr, "\r\033[K[{}/{}] {} kinds of failure", done, all, kinds_);
    else if (style_ == Progress::Style::log && done * 4 / all != (done - 1) * 4 / all)
      say(stderr, "{} of {} examples run, {} kinds of failure\n", done, all, kinds_);
    static_cast<void>(std::fflush(stderr));
  }

  void found(const std::string& signature, std::uint64_t example) {
    ++kinds_;
    if (style_ == Progress::Style::quiet)
      return;
    say(stderr, "{}found: {} (example {})\n", style_ == Progress::Style::terminal ? "\r\033[K" : "",
        signature, example);
  }

  void shrunk(const Counterexample& finding) {
    const fs::path folder = options_.out / "failures" / name_of(finding.signature);
    say(stdout, "\n{}: {} of {} examples, the first number {}; {} programs to make it small{}\n",
        finding.signature, finding.examples, done_, finding.example, finding.tried,
        finding.exhausted ? ", and no time to make it smaller" : "");
    for (const StepResult& step : finding.result.steps) {
      say(stdout, "  {}{}\n", step.lane > 0 ? fmt::format("[{}] ", step.lane) : "", step.text);
    }
    say(stdout, "  {}: {}\n  shown by {} of {} executions\n", to_string(finding.result.verdict),
        finding.result.reason, finding.shown, finding.tries);
    if (const auto failure = write(finding, folder))
      failure_ = failure;
    else
      say(stdout, "  again: pep554 run --target {} --cases {}\n", quoted(target_.name),
          quoted(folder.string()));
    static_cast<void>(std::fflush(stdout));
  }

  // What cannot be written, and why.
  std::optional<std::string> write(const Counterexample& finding, const fs::path& folder) const {
    std::error_code failure;
    fs::create_directories(folder, failure);
    Case subject = finding.smallest;
    subject.id = "finding.smallest";
    subject.title = finding.signature;
    std::ofstream table(folder / "finding.toml", std::ios::binary);
    table << table_text(fmt::format("Found with seed {} as example {} against {}.", options_.seed,
                                    finding.example, target_.name),
                        {subject});
    std::ofstream history(folder / "history.json", std::ios::binary);
    history
        << to_json(finding.history).dump(1, ' ', false, nlohmann::json::error_handler_t::replace)
        << "\n";
    if (table.flush() && history.flush())
      return std::nullopt;
    return fmt::format("{}: cannot be written", folder.string());
  }

  Exit conclude(const std::vector<Counterexample>& findings, std::uint64_t unsupported) const {
    if (style_ == Progress::Style::terminal)
      say(stderr, "\r\033[K");
    say(stdout, "\n{} examples, seed {}: {}\n", done_, options_.seed,
        findings.empty() ? "nothing found" : fmt::format("{} kinds of failure", findings.size()));
    if (unsupported > 0)
      say(stdout, "{} examples need what the target lacks: they were not judged\n", unsupported);
    if (failure_)
      return complain(Exit::harness_fault, *failure_);
    if (done_ < options_.examples)
      return complain(Exit::interrupted, fmt::format("interrupted: {} of {} examples were run",
                                                     done_, options_.examples));
    if (unsupported == done_)
      return complain(Exit::nothing_run, "no example was judged");
    return findings.empty() ? Exit::conformant : Exit::not_conformant;
  }

  const Target& target_;
  const PropertiesOptions& options_;
  const std::vector<std::string> clauses_;
  std::stop_source& stop_;
  const Progress::Style style_ = fitting_style(stderr, options_.quiet);
  Scheduler scheduler_;
  std::uint64_t done_ = 0;
  size_t kinds_ = 0;
  std::optional<std::string> failure_;
};

} // namespace

Exit properties_command(const PropertiesOptions& options, const Paths& paths) {
  if (options.stats)
    return static_cast<Exit>(print_statistics(options));
  Interruption interruption;
  adopt_orphans();
  std::string error;
  const auto target =
      parse_target(options.target.empty() ? "reference" : options.target, paths, error);
  if (!target)
    return complain(Exit::usage, error);
  const auto suite = load_suite(paths, {});
  if (!suite)
    return Exit::usage;
  return Hunter(*target, options, suite->clauses, interruption.stop()).hunt();
}

} // namespace pep554
