#include "harness/cli/subcommands.h"

#include <filesystem>
#include <memory>
#include <vector>

#include "harness/cli/commands.h"

namespace pep554 {

void add_merge(CLI::App& app, Action& action) {
  const auto given = std::make_shared<MergeOptions>();
  MergeOptions& options = *given;
  CLI::App* merge =
      app.add_subcommand("merge", "Merge the results of shards and machines into one report");
  merge->add_option("part", options.parts, "Folders of reports, or their results.json")
      ->required()
      ->check(CLI::ExistingPath);
  merge->add_option("--out", options.out, "Folder for the report of all")->capture_default_str();
  merge->add_option("--cases", options.cases,
                    "Folder of the case tables that were run instead of the suite's");
  merge->footer(exit_codes_help);
  add_color(merge);
  merge->callback([given, &action] {
    action = [given](const Paths& paths) { return merge_command(*given, paths); };
  });
}

void add_report(CLI::App& app, Action& action) {
  const auto folders = std::make_shared<std::vector<std::filesystem::path>>();
  CLI::App* report =
      app.add_subcommand("report", "Write the other files of a report again from its results.json");
  report->add_option("folder", *folders, "Folders of reports")
      ->required()
      ->check(CLI::ExistingDirectory);
  report->footer("Exit codes: 0 written; 2 usage or bad input; 5 internal error.");
  report->callback([folders, &action] {
    action = [folders](const Paths& /*paths*/) { return report_command(*folders); };
  });
}

void add_selection(CLI::App* command, std::string& filter, std::string& shard,
                   std::filesystem::path& times) {
  command
      ->add_option_function<std::vector<std::string>>(
          "--filter",
          [&filter](const std::vector<std::string>& all) {
            for (const std::string& one : all)
              filter += (filter.empty() ? "" : " ") + one;
          },
          "Only the cases that match: PATTERN:...-PATTERN:... over ids of cases and clauses; also "
          "op=, class=, case=, clause=. May be repeated: each has to match")
      ->type_name("FILTER")
      ->allow_extra_args(false);
  CLI::Option* part =
      command->add_option("--shard", shard, "Only part I of N of these")->type_name("I/N");
  command
      ->add_option("--times", times,
                   "Report of an earlier run: shards take about as long by its times")
      ->needs(part)
      ->check(CLI::ExistingPath);
}

} // namespace pep554
