#include "harness/cli/application.h"

#include <optional>
#include <sstream>
#include <string>

#include "harness/cli/command_line.h"
#include "harness/cli/print.h"
#include "harness/cli/version.h"

namespace pep554 {
namespace {

constexpr const char* about =
    "Judges implementations of the interpreters module of PEP 554 (first draft, 2017-09-05).\n\n"
    "  pep554 run                       judge the reference implementation\n"
    "  pep554 run --target cpython:libpython3.11.so.1.0\n"
    "                                   judge CPython 3.11's own module, embedded\n"
    "  pep554 run --target python:python3.14\n"
    "                                   judge the built-in module of any Python, as a process\n"
    "  pep554 list targets              list the targets of this machine\n"
    "  pep554 run --filter 'destroy.*'  run only the cases or clauses that match\n"
    "  pep554 gate --results report --baseline mine.toml\n"
    "                                   compare a run with accepted deviations\n"
    "  pep554 run --shard 1/4           run a quarter; pep554 merge joins the results\n"
    "  pep554 doctor plugin:mine.so     check a plugin against the ABI\n"
    "  pep554 properties                run generated programs and shrink failures\n"
    "  pep554 replay FOLDER             run a failure again, on any target\n"
    "  pep554 explain destroy.removes   explain a clause or a case";

// The exit code when that is all: help, or a mistake, which is reported.
std::optional<Exit> parse(CLI::App& app, int argc, char** argv) {
  refuse_empty_values(app);
  if (const auto option = option_without_value(argc, argv))
    return print_error(Exit::usage, *option + "= has no value behind it");
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    const std::string unknown = error.get_exit_code() == 0 ? "" : unknown_word(app, argc, argv);
    if (!unknown.empty())
      return print_error(Exit::usage, unknown);
    std::ostringstream out;
    std::ostringstream err;
    const int code = app.exit(error, out, err);
    put(stdout, out.str());
    put(stderr, readable(err.str())); // it repeats what was given
    return code == 0 ? Exit::conformant : Exit::usage;
  }
}

} // namespace

std::variant<Exit, Action> read_command_line(int argc, char** argv) {
  CLI::App app(about, "pep554");
  app.set_version_flag("--version", version_text);
  app.require_subcommand(1);
  app.footer(std::string(exit_codes_help) + "\nDocumentation: " + page_file("README.md"));
  Action action;
  for (const auto add : {add_run, add_gate, add_diff, add_merge, add_report, add_doctor,
                         add_properties, add_replay, add_judge, add_script, add_list, add_explain})
    add(app, action);
  if (const auto code = parse(app, argc, argv))
    return *code;
  return action;
}

} // namespace pep554
