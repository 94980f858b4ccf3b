#include "harness/cli/subcommands.h"

#include <cstdint>
#include <limits>

#include "harness/cli/command_line.h"
#include "harness/cli/commands.h"
#include "harness/cli/progress.h"

namespace pep554 {

const char* const exit_codes_help = "Exit codes: 0 conformant and sound, or everything selected "
                                    "passed; 1 failures, leaks, flaky or\n"
                                    "missing results; 2 usage or bad input; 3 the target did not "
                                    "start; 4 nothing was run or judged;\n"
                                    "5 internal error; 6 interrupted.";

void add_color(CLI::App* command) {
  command
      ->add_option_function<std::string>(
          "--color",
          [](const std::string& when) {
            use_colour(when == "always"  ? Colour::always
                       : when == "never" ? Colour::never
                                         : Colour::automatic);
          },
          "Coloured output; auto: on a terminal, unless NO_COLOR is set or TERM is dumb")
      ->check(one_of({"auto", "always", "never"}));
}

std::shared_ptr<JailOptions> add_jail(CLI::App* command) {
  auto given = std::make_shared<JailOptions>();
  JailOptions& options = *given;
  command
      ->add_option("--env", options.env,
                   "Environment variable that code under test may see; default: only the usual "
                   "ones. May be repeated")
      ->check(CLI::Validator(
          [](const std::string& name) {
            return name.find_first_of(":=") == std::string::npos
                       ? std::string()
                       : name + ": expected the name of a variable";
          },
          ""))
      ->type_name("NAME");
  command
      ->add_option("--readable", options.readable,
                   "File or folder that code under test may read, besides the system's and the "
                   "target's. May be repeated")
      ->check(CLI::ExistingPath)
      ->type_name("PATH");
  return given;
}

void add_run(CLI::App& app, Action& action) {
  const auto given = std::make_shared<RunOptions>();
  RunOptions& options = *given;
  CLI::App* run = app.add_subcommand("run", "Run the suite against a target and write a report");
  CLI::Option* target = run->add_option(
      "--target", options.target, "Target to judge (default: reference); see pep554 list targets");
  CLI::Option* targets =
      run->add_option("--targets", options.targets,
                      "TOML file of targets ([[target]] name, target), judged one after the other")
          ->excludes(target);
  add_selection(run, options.filter, options.shard, options.times);
  run->add_option("--jobs,-j", options.jobs, "Programs in parallel (default: number of cores)")
      ->check(number(1, 1024));
  run->add_option(
         "--repeat", options.repeat,
         "Executions of each case: one good execution cannot show a fault that comes and goes")
      ->check(number(1, 10000));
  run->add_option("--timeout", options.timeout_seconds,
                  "Timeout per case in seconds (default: set by the case, mostly 10)")
      ->check(number(0.001, 86400.0));
  run->add_option("--startup-timeout", options.startup_timeout_seconds,
                  "Timeout for each start of the target, in seconds")
      ->capture_default_str()
      ->check(number(0.05, 86400.0));
  run->add_option("--examples", options.examples,
                  "Number of generated programs, for all properties together; 0: none")
      ->capture_default_str()
      ->check(number(0, 1'000'000'000));
  run->add_option("--seed", options.seed, "Seed of the generator: the same seed, the same programs")
      ->capture_default_str()
      ->check(number(std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max()));
  run->add_option("--seconds", options.seconds,
                  "Stop generating after this time; failures are shrunk afterwards")
      ->check(number(0.01, 8'640'000.0));
  run->add_option("--shrink-seconds", options.shrink_seconds,
                  "Time to shrink each kind of failure, in seconds (at most 20 kinds)")
      ->capture_default_str()
      ->check(number(0.0, 86400.0));
  CLI::Option* out =
      run->add_option("--out", options.out,
                      "Folder for the report: results.json, index.html, the histories and others")
          ->capture_default_str();
  run->add_option("--resume", options.resume, "Continue the interrupted run in this folder")
      ->excludes(out);
  CLI::Option* baseline =
      run->add_option("--baseline", options.baseline,
                      "TOML file of accepted deviations: exit with 0 if the results are as it says")
          ->excludes(targets);
  run->add_flag("--update", options.update, "Rewrite the baseline from this run")
      ->needs(baseline)
      ->excludes(run->get_option("--filter"))
      ->excludes(run->get_option("--shard"));
  run->add_option("--cases", options.cases, "Folder of case tables to run instead of the suite's");
  run->add_flag("--network", options.network, "Allow network access for code under test");
  run->add_flag("--quiet,-q", options.quiet, "No progress, only the summary");
  add_color(run);
  run->footer(std::string(exit_codes_help) +
              "\nWith --baseline: 0 everything is as it expects; 1 something is not.");
  const auto jail = add_jail(run);
  run->callback([given, jail, &action] {
    action = [given, jail](const Paths& paths) {
      allow(*jail);
      return run_command(*given, paths);
    };
  });
}

void add_properties(CLI::App& app, Action& action) {
  const auto given = std::make_shared<PropertiesOptions>();
  PropertiesOptions& options = *given;
  CLI::App* properties = app.add_subcommand(
      "properties", "Run generated programs against a target and shrink failures");
  properties->add_option("--target", options.target,
                         "Target to judge (default: reference); see pep554 list targets");
  properties->add_option("--property", options.property,
                         "Only the properties whose name matches this shell pattern; see pep554 "
                         "list properties");
  properties
      ->add_option("--seed", options.seed,
                   "Seed of the generator: the same seed, the same programs")
      ->capture_default_str()
      ->check(number(std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max()));
  properties
      ->add_option(
          "--from", options.from,
          "Number of the first program: continues an interrupted run, or repeats the program of a "
          "failure")
      ->capture_default_str()
      ->check(number(std::int64_t{0}, std::int64_t{1'000'000'000'000}));
  properties
      ->add_option("--examples", options.examples,
                   "Number of programs (default: 1000, or unlimited with --seconds)")
      ->check(number(1, 1'000'000'000));
  properties->add_flag("--first", options.first, "Stop after the first failure");
  properties
      ->add_option("--timeout", options.timeout_seconds,
                   "Timeout per program in seconds (the first attempt gets a fifth)")
      ->capture_default_str()
      ->check(number(0.05, 86400.0));
  properties
      ->add_option("--seconds", options.seconds,
                   "Stop generating after this time; failures are shrunk afterwards")
      ->check(number(0.01, 8'640'000.0));
  properties
      ->add_option("--shrink-seconds", options.shrink_seconds,
                   "Time to shrink each kind of failure, in seconds (at most 20 kinds)")
      ->capture_default_str()
      ->check(number(0.0, 86400.0));
  properties
      ->add_option("--jobs,-j", options.jobs, "Programs in parallel (default: number of cores)")
      ->check(number(1, 1024));
  properties
      ->add_option("--out", options.out,
                   "Store failures in failures/ of this folder; stored failures run first")
      ->capture_default_str();
  properties->add_option("--corpus", options.corpus, "Folder of further case tables that run first")
      ->check(CLI::ExistingDirectory);
  properties->add_flag("--anew", options.anew, "Ignore stored failures; report them as new")
      ->excludes("--corpus");
  properties->add_flag("--stats", options.stats,
                       "Print statistics of the generated programs; run nothing");
  properties->add_flag("--quiet,-q", options.quiet, "No progress, only failures and the summary");
  properties->footer(exit_codes_help);
  const auto jail = add_jail(properties);
  properties->callback([given, jail, &action] {
    action = [given, jail](const Paths& paths) {
      allow(*jail);
      return properties_command(*given, paths);
    };
  });
}

} // namespace pep554
