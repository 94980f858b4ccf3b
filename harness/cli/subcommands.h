// The subcommands of pep554: their options, as CLI11 reads them, and what each does.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "harness/cli/exit_codes.h"
#include "harness/run/isolation.h"
#include "harness/run/paths.h"

namespace pep554 {

// What the command line asks for.
using Action = std::function<Exit(const Paths&)>;

// Each adds one subcommand to `app`, which sets `action` when it is parsed. Both outlive it.
void add_run(CLI::App& app, Action& action);
void add_doctor(CLI::App& app, Action& action);
void add_properties(CLI::App& app, Action& action);
void add_gate(CLI::App& app, Action& action);
void add_diff(CLI::App& app, Action& action);
void add_replay(CLI::App& app, Action& action);
void add_judge(CLI::App& app, Action& action);
void add_script(CLI::App& app, Action& action);
void add_list(CLI::App& app, Action& action);
void add_explain(CLI::App& app, Action& action);
void add_merge(CLI::App& app, Action& action);
void add_report(CLI::App& app, Action& action);

// The options that select cases; several filters become one text. The references outlive `command`.
void add_selection(CLI::App* command, std::string& filter, std::string& shard,
                   std::filesystem::path& times);

// --color: when output is coloured.
void add_color(CLI::App* command);

// The options of a subcommand that starts targets. They are valid once it has been parsed.
std::shared_ptr<JailOptions> add_jail(CLI::App* command);

// The last lines of a subcommand's help.
extern const char* const exit_codes_help;

} // namespace pep554
