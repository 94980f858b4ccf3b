#include "harness/cli/subcommands.h"

#include <filesystem>
#include <string>
#include <vector>

#include "harness/cli/command_line.h"
#include "harness/cli/commands.h"
#include "harness/repro/script.h"

namespace pep554 {

void add_doctor(CLI::App& app, Action& action) {
  const auto given = std::make_shared<DoctorOptions>();
  DoctorOptions& options = *given;
  CLI::App* doctor = app.add_subcommand(
      "doctor", "Check a target's plugin against the ABI, and its host against the protocol");
  doctor->add_option("target", options.target, "Target to check; see pep554 list targets")
      ->required();
  doctor->add_option("--timeout", options.timeout_seconds, "Timeout per trial in seconds")
      ->capture_default_str()
      ->check(number(0.05, 3600.0));
  doctor->add_flag("--json", options.json, "Print JSON instead of text");
  doctor->footer("Exit codes: 0 no errors; 1 errors; 2 usage; 3 the target did not load or start;\n"
                 "5 internal error.\nThe checks:\n  " +
                 page_file("harness/host/examine/README.md") + "\n  " +
                 page_file("harness/doctor/README.md"));
  add_color(doctor);
  const auto jail = add_jail(doctor);
  doctor->callback([given, jail, &action] {
    action = [given, jail](const Paths& paths) {
      allow(*jail);
      return doctor_command(*given, paths);
    };
  });
}

void add_replay(CLI::App& app, Action& action) {
  const auto given = std::make_shared<ReplayOptions>();
  ReplayOptions& options = *given;
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
  replay->footer(exit_codes_help);
  const auto jail = add_jail(replay);
  replay->callback([given, jail, &action] {
    action = [given, jail](const Paths& paths) {
      allow(*jail);
      return replay_command(*given, paths);
    };
  });
}

void add_script(CLI::App& app, Action& action) {
  const auto given = std::make_shared<ScriptCommandOptions>();
  ScriptCommandOptions& options = *given;
  CLI::App* script =
      app.add_subcommand("script", "Print a script that checks a case without pep554");
  const auto& adapters = repro::adapters();
  script->add_option("case", options.id, "Id of a case")->required();
  CLI::Option* adapter =
      script
          ->add_option("--adapter", options.adapter,
                       "Use the module of this adapter (default: the draft's interpreters)")
          ->check(one_of({adapters.begin(), adapters.end()}));
  script->add_option("--cases", options.cases, "Folder of case tables instead of the suite's");
  script->add_option("--history", options.history,
                     "history.json of a failure: the script checks only this failure");
  script->add_flag("--c", options.c, "Print a C program over the plugin ABI instead")
      ->excludes(adapter);
  script->callback([given, &action] {
    action = [given](const Paths& paths) { return script_command(*given, paths); };
  });
}

void add_judge(CLI::App& app, Action& action) {
  const auto given = std::make_shared<JudgeOptions>();
  CLI::App* judge = app.add_subcommand(
      "judge", "Judge the stored histories of a run or of failures again; executes nothing");
  judge->add_option("folder", given->folders, "Folder of a run, or folders of failures")
      ->required()
      ->check(CLI::ExistingDirectory);
  judge->add_option("--out", given->out, "Write the reports of the run to this folder");
  judge->footer(exit_codes_help);
  add_color(judge);
  judge->callback([given, &action] {
    action = [given](const Paths& paths) { return judge_command(*given, paths); };
  });
}

void add_list(CLI::App& app, Action& action) {
  const auto given = std::make_shared<ListOptions>();
  ListOptions& options = *given;
  CLI::App* list =
      app.add_subcommand("list", "List the cases, the clauses, the properties or the targets");
  list->add_option("what", options.what, "cases, clauses, properties or targets")
      ->required()
      ->check(one_of({"cases", "clauses", "properties", "targets"}));
  list->add_flag("--toml", options.toml,
                 "Print the targets of this machine as a file for run --targets");
  add_selection(list, options.filter, options.shard, options.times);
  list->callback([given, &action] {
    action = [given](const Paths& paths) { return list_command(*given, paths); };
  });
}

void add_explain(CLI::App& app, Action& action) {
  const auto id = std::make_shared<std::string>();
  CLI::App* explain = app.add_subcommand("explain", "Explain a case or a clause");
  explain->add_option("id", *id, "Id of a case or a clause")->required();
  explain->callback(
      [id, &action] { action = [id](const Paths& paths) { return explain_command(*id, paths); }; });
}

} // namespace pep554
