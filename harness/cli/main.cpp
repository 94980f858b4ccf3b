// The program pep554: reads its command line, does the command, ends with its exit code.
#include <csignal>
#include <cstdint>
#include <exception>
#include <limits>
#include <optional>
#include <sstream>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <unistd.h>

#include "harness/cli/command_line.h"
#include "harness/cli/commands.h"
#include "harness/cli/isolation.h"
#include "harness/cli/print.h"
#include "harness/engine/child_process.h"
#include "harness/engine/surroundings.h"
#include "harness/repro/script.h"

namespace {

using pep554::number;

constexpr const char* about =
    "Judges implementations of the interpreters module of PEP 554 (first draft, 2017-09-05).\n\n"
    "  pep554 run                       judge the reference implementation\n"
    "  pep554 run --target cpython:libpython3.11.so.1.0\n"
    "                                   judge CPython 3.11's own module, embedded\n"
    "  pep554 run --target python:python3.14\n"
    "                                   judge the built-in module of any Python, as a process\n"
    "  pep554 list targets              list the targets of this machine\n"
    "  pep554 run --filter 'destroy.*'  run only the cases or clauses that match\n"
    "  pep554 doctor plugin:mine.so     check a plugin against the ABI\n"
    "  pep554 properties                run generated programs and shrink failures\n"
    "  pep554 replay FOLDER             run a failure again, on any target\n"
    "  pep554 explain destroy.removes   explain a clause or a case";

constexpr const char* exit_codes =
    "Exit codes: 0 conformant, or every selected case passed; 1 failures, or missing results;\n"
    "2 usage or bad input; 3 the target did not start; 4 no case was run or judged; 5 internal\n"
    "error; 6 interrupted.";

void add_jail(CLI::App* command, pep554::JailOptions& options) {
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
}

void add_run(CLI::App& app, pep554::RunOptions& options) {
  CLI::App* run = app.add_subcommand("run", "Run the suite against a target and write a report");
  CLI::Option* target = run->add_option(
      "--target", options.target, "Target to judge (default: reference); see pep554 list targets");
  run->add_option("--targets", options.targets,
                  "TOML file of targets ([[target]] name, target), judged one after the other")
      ->excludes(target);
  run->add_option("--filter", options.filter,
                  "Run only the cases whose id, or a clause's id, matches this shell pattern");
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
  CLI::Option* out =
      run->add_option("--out", options.out, "Folder for results.json, junit.xml and index.html")
          ->capture_default_str();
  run->add_option("--resume", options.resume,
                  "Continue the interrupted run whose journal is in this folder")
      ->excludes(out);
  run->add_option("--cases", options.cases, "Folder of case tables to run instead of the suite's");
  run->add_flag("--network", options.network, "Allow network access for code under test");
  run->add_flag("--quiet,-q", options.quiet, "No progress, only the summary");
  run->footer(exit_codes);
}

void add_doctor(CLI::App& app, pep554::DoctorOptions& options) {
  CLI::App* doctor = app.add_subcommand(
      "doctor", "Check a target's plugin against the ABI, and its host against the protocol");
  doctor->add_option("target", options.target, "Target to check; see pep554 list targets")
      ->required();
  doctor->add_option("--timeout", options.timeout_seconds, "Timeout per trial in seconds")
      ->capture_default_str()
      ->check(number(0.05, 3600.0));
  doctor->add_flag("--json", options.json, "Print JSON instead of text");
  doctor->footer("Exit codes: 0 no errors; 1 errors; 2 usage; 3 the target did not load or start;\n"
                 "5 internal error.\n"
                 "The checks: harness/host/examine/README.md and harness/doctor/README.md.");
}

void add_properties(CLI::App& app, pep554::PropertiesOptions& options) {
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
  properties->footer(exit_codes);
}

void add_replay(CLI::App& app, pep554::ReplayOptions& options) {
  CLI::App* replay =
      app.add_subcommand("replay", "Run the program of a failure again and print every answer");
  replay->add_option("file", options.file, "Folder of a failure, or a case table")
      ->required()
      ->check(CLI::ExistingPath);
  replay->add_option("--target", options.target,
                     "Target to judge (default: reference); see pep554 list targets");
  replay->add_option("--times", options.times, "Executions of each program")
      ->capture_default_str()
      ->check(number(1, 10000));
  replay
      ->add_option("--timeout", options.timeout_seconds,
                   "Timeout in seconds of programs without a deadline of their own (default: 10)")
      ->check(number(0.05, 86400.0));
  replay->add_option("--scripts", options.scripts,
                     "Write a script of each failure to this folder, and run it without pep554");
  replay->footer(exit_codes);
}

void add_script(CLI::App& app, pep554::ScriptCommandOptions& options) {
  CLI::App* script =
      app.add_subcommand("script", "Print a script that checks a case without pep554");
  const auto& adapters = pep554::repro::adapters();
  script->add_option("case", options.id, "Id of a case")->required();
  CLI::Option* adapter =
      script
          ->add_option("--adapter", options.adapter,
                       "Use the module of this adapter (default: the draft's interpreters)")
          ->check(pep554::one_of({adapters.begin(), adapters.end()}));
  script->add_option("--cases", options.cases, "Folder of case tables instead of the suite's");
  script->add_option("--history", options.history,
                     "history.json of a failure: the script checks only this failure");
  script->add_flag("--c", options.c, "Print a C program over the plugin ABI instead")
      ->excludes(adapter);
}

// The exit code when that is all: help, or a mistake, which is reported.
std::optional<pep554::Exit> parse(CLI::App& app, int argc, char** argv) {
  pep554::refuse_empty_values(app);
  if (const auto option = pep554::option_without_value(argc, argv))
    return pep554::print_error(pep554::Exit::usage, *option + "= has no value behind it");
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    const std::string unknown =
        error.get_exit_code() == 0 ? "" : pep554::unknown_word(app, argc, argv);
    if (!unknown.empty())
      return pep554::print_error(pep554::Exit::usage, unknown);
    std::ostringstream out;
    std::ostringstream err;
    const int code = app.exit(error, out, err);
    pep554::put(stdout, out.str());
    pep554::put(stderr, pep554::readable(err.str())); // it repeats what was given
    return code == 0 ? pep554::Exit::conformant : pep554::Exit::usage;
  }
}

int dispatch(int argc, char** argv) {
  CLI::App app(about, "pep554");
  app.set_version_flag("--version", "pep554 " PEP554_VERSION);
  app.require_subcommand(1);
  app.footer(exit_codes);
  pep554::RunOptions options;
  add_run(app, options);
  pep554::DoctorOptions doctor_options;
  add_doctor(app, doctor_options);
  pep554::PropertiesOptions properties_options;
  add_properties(app, properties_options);
  pep554::ScriptCommandOptions script_options;
  add_script(app, script_options);
  pep554::ReplayOptions replay_options;
  add_replay(app, replay_options);
  pep554::JailOptions jail_options;
  for (const char* command : {"run", "doctor", "properties", "replay"})
    add_jail(app.get_subcommand(command), jail_options);
  std::vector<std::filesystem::path> folders;
  CLI::App* judge =
      app.add_subcommand("judge", "Judge the stored histories of failures again; executes nothing");
  judge->add_option("folder", folders, "Folders of failures")
      ->required()
      ->check(CLI::ExistingDirectory);
  judge->footer(exit_codes);
  std::string what;
  CLI::App* list =
      app.add_subcommand("list", "List the cases, the clauses, the properties or the targets");
  list->add_option("what", what, "cases, clauses, properties or targets")
      ->required()
      ->check(pep554::one_of({"cases", "clauses", "properties", "targets"}));
  bool toml = false;
  list->add_flag("--toml", toml, "Print the targets of this machine as a file for run --targets");
  std::string id;
  CLI::App* explain = app.add_subcommand("explain", "Explain a case or a clause");
  explain->add_option("id", id, "Id of a case or a clause")->required();
  if (const auto code = parse(app, argc, argv))
    return static_cast<int>(*code);
  const pep554::Paths paths = pep554::find_paths();
  pep554::allow(jail_options);
  if (pep554::is_jailed())
    pep554::start_through(paths.jail.native());
  if (list->parsed())
    return static_cast<int>(pep554::list_command(what, toml, paths));
  if (app.got_subcommand("doctor"))
    return static_cast<int>(pep554::doctor_command(doctor_options, paths));
  if (app.got_subcommand("properties"))
    return static_cast<int>(pep554::properties_command(properties_options, paths));
  if (app.got_subcommand("script"))
    return static_cast<int>(pep554::script_command(script_options, paths));
  if (app.got_subcommand("replay"))
    return static_cast<int>(pep554::replay_command(replay_options, paths));
  if (judge->parsed())
    return static_cast<int>(pep554::judge_command(folders, paths));
  if (explain->parsed())
    return static_cast<int>(pep554::explain_command(id, paths));
  return static_cast<int>(pep554::run_command(options, paths));
}

// A standard stream that was closed must not become a file of ours, or a pipe to a host.
void keep_standard_streams() {
  for (int fd = ::open("/dev/null", O_RDWR); fd >= 0; fd = ::open("/dev/null", O_RDWR))
    if (fd > STDERR_FILENO) {
      ::close(fd);
      return;
    }
}

} // namespace

int main(int argc, char** argv) {
  keep_standard_streams();
  // A host that goes away is seen by its pipe, and a file that may not grow by its write.
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));
  pep554::raise_soft_limits();
  try {
    const int code = dispatch(argc, argv);
    return pep554::output_is_complete() ? code : static_cast<int>(pep554::Exit::harness_fault);
  } catch (const pep554::InstallationError& error) {
    pep554::print(stderr, "pep554: {}\n", error.what());
    return static_cast<int>(pep554::Exit::harness_fault);
  } catch (const std::system_error& error) {
    const std::string limit = pep554::shortage({});
    pep554::print(stderr, "pep554: internal error: {}{}{}\n", error.what(),
                  limit.empty() ? "" : "; ", limit);
    return static_cast<int>(pep554::Exit::harness_fault);
  } catch (const std::exception& error) {
    pep554::print(stderr, "pep554: internal error: {}\n", error.what());
    return static_cast<int>(pep554::Exit::harness_fault);
  }
}
