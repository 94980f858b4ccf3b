// pep554 script: what a case expects, or a failure of it, as a text that is run without pep554.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "harness/cli/commands.h"
#include "harness/cli/load.h"
#include "harness/cli/print.h"
#include "harness/engine/judge.h"
#include "harness/repro/script.h"
#include "spec/nearest.h"
#include "spec/read_file.h"

namespace pep554 {
namespace {

Result<History> read_history(const std::filesystem::path& path) {
  return read_file(path, "a history").and_then([&](const std::string& text) -> Result<History> {
    try {
      return history_from(nlohmann::json::parse(text));
    } catch (const nlohmann::json::exception& failure) {
      return fail("is no history: " + message_of(failure), {path.string()});
    }
  });
}

} // namespace

Exit script_command(const ScriptCommandOptions& options, const Paths& paths) {
  const auto suite = load_and_report(paths, options.cases);
  if (!suite)
    return Exit::usage;
  const auto found = std::ranges::find(suite->cases, options.id, &Case::id);
  if (found == suite->cases.end())
    return print_error(Exit::usage,
                       fmt::format("no case \"{}\"{}: see pep554 list cases", options.id,
                                   did_you_mean(options.id, ids_of(*suite))));
  repro::Subject subject{*found, suite->clauses};
  Result<History> history;
  CaseResult result;
  if (!options.history.empty()) {
    history = read_history(options.history);
    if (!history)
      return print_error(Exit::usage, history.error());
    if (const auto own = fits(*history, found->program); !own)
      return print_error(Exit::usage,
                         fmt::format("{}: expected a history of {}: {}", options.history.string(),
                                     options.id, own.error().message));
    result = judge(*found, *history);
    subject.result = &result;
    subject.history = &*history;
    subject.of_property = clauses_of_property(*found, *suite);
  }
  put(stdout,
      options.c ? repro::c_program(subject) : repro::python_script(subject, {options.adapter, ""}));
  return Exit::conformant;
}

} // namespace pep554
