// The program pep554: reads its command line, does the command, ends with its exit code.
#include <charconv>
#include <csignal>
#include <cstdint>
#include <exception>
#include <limits>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <unistd.h>

#include "harness/cli/commands.h"
#include "harness/cli/say.h"
#include "harness/repro/script.h"

namespace {

constexpr const char* about =
    "Judges implementations of the interpreters module of PEP 554 (first draft, 2017-09-05).\n\n"
    "  pep554 run                       judge the reference implementation\n"
    "  pep554 run --target cpython:libpython3.11.so.1.0\n"
    "                                   judge CPython 3.11's own module, embedded\n"
    "  pep554 run --target python:python3.14\n"
    "                                   judge the own module of any Python, as a process\n"
    "  pep554 list targets              what this machine has to be judged\n"
    "  pep554 run --filter 'destroy.*'  only the cases or clauses that match\n"
    "  pep554 doctor plugin:mine.so     what is to be mended in a plugin, before it is judged\n"
    "  pep554 properties                programs that nobody wrote; what fails is made small\n"
    "  pep554 replay FOLDER             a failure again, on any target\n"
    "  pep554 explain destroy.removes   what a clause or case asks for, and why";

constexpr const char* exit_codes =
    "Exit codes: 0 conformant, or all that was selected passed; 1 not; 2 usage or bad input;\n"
    "3 the target did not start; 4 nothing was run, or could be judged; 5 fault of the harness;\n"
    "6 interrupted.";

void add_run(CLI::App& app, pep554::RunOptions& options) {
  CLI::App* run = app.add_subcommand("run", "Run the suite against a target and write a report");
  CLI::Option* target = run->add_option(
      "--target", options.target, "What is judged (default: reference); see pep554 list targets");
  run->add_option("--targets", options.targets,
                  "File that names several ([[target]] name, target), judged one after the other")
      ->excludes(target);
  run->add_option("--filter", options.filter, "Shell pattern over the ids of cases and clauses");
  run->add_option("--jobs,-j", options.jobs, "Programs at a time (default: the cores)")
      ->check(CLI::Range(1, 1024));
  run->add_option("--repeat", options.repeat,
                  "Executions of each case; one whose verdicts differ is flaky")
      ->check(CLI::Range(1, 10000));
  run->add_option("--timeout", options.timeout_seconds,
                  "Seconds for each case (default: what the case says, mostly 10)")
      ->check(CLI::PositiveNumber);
  run->add_option("--patience", options.patience_seconds,
                  "Seconds that the target may take to start, each time it does")
      ->capture_default_str()
      ->check(CLI::Range(0.05, 86400.0));
  CLI::Option* out =
      run->add_option("--out", options.out, "Folder for results.json, junit.xml and index.html")
          ->capture_default_str();
  run->add_option("--resume", options.resume,
                  "Finish the run that was interrupted and has its journal in this folder")
      ->excludes(out);
  run->add_option("--cases", options.cases, "Folder of tables to run instead of the suite's own");
  run->add_flag("--network", options.network, "Let what the cases run reach the network");
  run->add_flag("--quiet,-q", options.quiet, "No progress, only the summary");
  run->footer(exit_codes);
}

void add_doctor(CLI::App& app, pep554::DoctorOptions& options) {
  CLI::App* doctor = app.add_subcommand(
      "doctor", "Examine a target (its plugin, its protocol) and say what to mend");
  doctor->add_option("target", options.target, "What is examined; see pep554 list targets")
      ->required();
  doctor->add_option("--timeout", options.timeout_seconds, "Seconds for each trial")
      ->capture_default_str()
      ->check(CLI::Range(0.05, 3600.0));
  doctor->add_flag("--json", options.json, "Write a JSON document instead of lines");
  doctor->footer(
      "Exit codes: 0 nothing to mend; 1 something to mend; 2 usage; 3 the target did not\n"
      "load or start; 5 fault of the harness.\n"
      "The checks: harness/host/examine/README.md and harness/doctor/README.md.");
}

// A seed. CLI11 takes "-1" for the largest one, and what is too large for that too.
const CLI::Validator is_number(
    [](const std::string& given) {
      std::uint64_t number = 0;
      const char* end = given.data() + given.size();
      const auto [rest, error] = std::from_chars(given.data(), end, number);
      return error == std::errc{} && rest == end
                 ? std::string()
                 : fmt::format("{} is no whole number from 0 to {}", given,
                               std::numeric_limits<std::uint64_t>::max());
    },
    "");

void add_properties(CLI::App& app, pep554::PropertiesOptions& options) {
  CLI::App* properties = app.add_subcommand(
      "properties", "Run generated programs against a target and shrink what fails");
  properties->add_option("--target", options.target,
                         "What is judged (default: reference); see pep554 list targets");
  properties->add_option("--property", options.property,
                         "Shell pattern over the names of properties; see pep554 list properties");
  properties->add_option("--seed", options.seed, "The same seed gives the same programs")
      ->capture_default_str()
      ->check(is_number);
  properties
      ->add_option(
          "--from", options.from,
          "Number of the first program: to go on where a run was interrupted, or to run one "
          "again that a finding names")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000'000'000}));
  properties
      ->add_option("--examples", options.examples,
                   "Programs to run (default: 1000, or what --seconds gives time for)")
      ->check(CLI::Range(1, 1'000'000'000));
  properties->add_flag("--first", options.first, "Begin no program after the first that fails");
  properties
      ->add_option("--timeout", options.timeout_seconds,
                   "Seconds for each program; what hangs is known after a fifth of it")
      ->capture_default_str()
      ->check(CLI::Range(0.05, 86400.0));
  properties
      ->add_option("--seconds", options.seconds,
                   "Begin no program after that time; what was found is made small afterwards")
      ->check(CLI::Range(0.01, 8'640'000.0));
  properties
      ->add_option("--shrink-seconds", options.shrink_seconds,
                   "Time to make failing programs small, for each kind of failure (at most 20)")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 86400.0));
  properties->add_option("--jobs,-j", options.jobs, "Programs at a time (default: the cores)")
      ->check(CLI::Range(1, 1024));
  properties
      ->add_option("--out", options.out,
                   "Findings go to failures/ in this folder, and are tried first the next time")
      ->capture_default_str();
  properties->add_option("--corpus", options.corpus, "Folder of more tables to be tried first")
      ->check(CLI::ExistingDirectory);
  properties
      ->add_flag("--anew", options.anew,
                 "Try nothing that was found before, and tell it as new when it is found again")
      ->excludes("--corpus");
  properties->add_flag("--stats", options.stats, "Say what is generated how often, run nothing");
  properties->add_flag("--quiet,-q", options.quiet, "No progress, only the findings");
  properties->footer(exit_codes);
}

void add_replay(CLI::App& app, pep554::ReplayOptions& options) {
  CLI::App* replay =
      app.add_subcommand("replay", "Run the program of a failure again, and show every answer");
  replay->add_option("file", options.file, "A failure's folder, or a table of cases")
      ->required()
      ->check(CLI::ExistingPath);
  replay->add_option("--target", options.target,
                     "What is judged (default: reference); see pep554 list targets");
  replay->add_option("--times", options.times, "Executions of each program")
      ->capture_default_str()
      ->check(CLI::Range(1, 10000));
  replay
      ->add_option("--timeout", options.timeout_seconds,
                   "Seconds for each program that has no deadline of its own (default: 10)")
      ->check(CLI::Range(0.05, 86400.0));
  replay->add_option("--scripts", options.scripts,
                     "Folder for a script of each failure, which is executed without pep554");
  replay->footer(exit_codes);
}

void add_script(CLI::App& app, pep554::ScriptCommandOptions& options) {
  CLI::App* script =
      app.add_subcommand("script", "Print a script that checks a case without pep554");
  script->add_option("case", options.id, "Id of a case")->required();
  CLI::Option* adapter =
      script
          ->add_option("--adapter", options.adapter,
                       "Speak to the module of this adapter (default: the draft's interpreters)")
          ->check(CLI::IsMember(pep554::repro::adapters()));
  script->add_option("--cases", options.cases, "Folder of tables instead of the suite's own");
  script->add_option("--history", options.history,
                     "What happened (history.json of a finding): its failure alone is checked");
  script->add_flag("--c", options.c, "A program in C over the plugin ABI instead")
      ->excludes(adapter);
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
  std::vector<std::filesystem::path> folders;
  CLI::App* judge = app.add_subcommand(
      "judge", "Judge the stored histories of failures again; nothing is executed");
  judge->add_option("folder", folders, "Folders of failures")
      ->required()
      ->check(CLI::ExistingDirectory);
  judge->footer(exit_codes);
  std::string what;
  CLI::App* list =
      app.add_subcommand("list", "List the cases, the clauses, the properties or the targets");
  list->add_option("what", what, "cases, clauses, properties or targets")
      ->required()
      ->check(CLI::IsMember({"cases", "clauses", "properties", "targets"}));
  bool toml = false;
  list->add_flag("--toml", toml, "Write the targets of this machine as a file for run --targets");
  std::string id;
  CLI::App* explain = app.add_subcommand("explain", "Explain a case or a clause");
  explain->add_option("id", id, "Id of a case or a clause")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : static_cast<int>(pep554::Exit::usage);
  }
  const pep554::Paths paths = pep554::find_paths();
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
  try {
    const int code = dispatch(argc, argv);
    return pep554::all_was_said() ? code : static_cast<int>(pep554::Exit::harness_fault);
  } catch (const std::exception& error) {
    pep554::say(stderr, "pep554: a fault of the harness: {}\n", error.what());
    return static_cast<int>(pep554::Exit::harness_fault);
  }
}
