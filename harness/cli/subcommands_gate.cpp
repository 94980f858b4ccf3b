#include "harness/cli/subcommands.h"

#include "harness/cli/command_line.h"
#include "harness/cli/commands.h"

namespace pep554 {

void add_gate(CLI::App& app, Action& action) {
  const auto given = std::make_shared<GateOptions>();
  GateOptions& options = *given;
  CLI::App* gate = app.add_subcommand("gate", "Compare the results of a run with a baseline");
  gate->add_option("--results", options.results, "results.json of a run, or its folder")
      ->required()
      ->check(CLI::ExistingPath);
  gate->add_option("--baseline", options.baseline, "TOML file of accepted deviations")->required();
  gate->add_flag("--update", options.update,
                 "Rewrite the baseline from these results first; they must be of a full run");
  gate->footer("Exit codes: 0 everything is as the baseline expects; 1 something is not: one line "
               "each;\n2 usage, or results or a baseline that cannot be used.\nThe baseline: " +
               page_file("harness/gate/README.md"));
  gate->callback(
      [given, &action] { action = [given](const Paths&) { return gate_command(*given); }; });
}

void add_diff(CLI::App& app, Action& action) {
  const auto given = std::make_shared<DiffOptions>();
  DiffOptions& options = *given;
  CLI::App* diff = app.add_subcommand("diff", "Print what changed between two runs");
  diff->add_option("old", options.before, "results.json of the earlier run, or its folder")
      ->required()
      ->check(CLI::ExistingPath);
  diff->add_option("new", options.after, "results.json of the later run, or its folder")
      ->required()
      ->check(CLI::ExistingPath);
  diff->add_option("--format", options.format, "Format of the output")
      ->capture_default_str()
      ->check(one_of({"text", "markdown", "json"}));
  diff->footer(
      "Exit codes: 0 nothing changed, or only for the better; 1 something is broken, gone, "
      "slower,\nfails otherwise, or is new and does not pass; 2 usage, or results that "
      "cannot be read.");
  diff->callback(
      [given, &action] { action = [given](const Paths&) { return diff_command(*given); }; });
}

} // namespace pep554
