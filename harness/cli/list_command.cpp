// pep554 list and pep554 explain: what there is to judge, and against what.
#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "harness/cli/commands.h"
#include "harness/cli/load.h"
#include "harness/cli/print.h"
#include "harness/run/selection.h"
#include "harness/run/target_discovery.h"
#include "harness/run/targets.h"
#include "spec/nearest.h"

namespace pep554 {
namespace {

std::vector<const Case*> citing(const Suite& suite, const std::string& clause) {
  std::vector<const Case*> found;
  for (const Case& one : suite.cases)
    if (std::ranges::find(one.clauses, clause) != one.clauses.end())
      found.push_back(&one);
  return found;
}

// A clause that another follows from: its quote, or what it says itself.
void explain_origin(const Clause& clause) {
  if (clause.quote.empty())
    print(stdout, "    {} ({}): {}\n", clause.id, to_string(clause.kind), clause.summary);
  else
    print(stdout, "    {} ({}): \"{}\"\n", clause.id, to_string(clause.kind), clause.quote);
}

void explain_clause(const Clause& clause, const Suite& suite) {
  print(stdout, "{} ({} clause, {}:{})\n  {}\n", clause.id, to_string(clause.kind),
        clause.where.file, clause.where.line, clause.summary);
  if (!clause.quote.empty())
    print(stdout, "  quote: \"{}\"\n", clause.quote);
  if (!clause.follows_from.empty()) {
    print(stdout, "  follows from:\n");
    for (const std::string& id : clause.follows_from)
      explain_origin(*suite.clauses.find(id));
    print(stdout, "  because: {}\n", clause.reasoning);
  }
  print(stdout, "  judged by:\n");
  for (const Case* one : citing(suite, clause.id))
    print(stdout, "    {}: {}\n", one->id, one->title);
}

void explain_case(const Case& one, const Suite& suite) {
  print(stdout, "{} (case, {}:{})\n  {}\n  steps:\n", one.id, one.where.file, one.where.line,
        one.title);
  for (size_t lane = 0; lane < one.program.lanes.size(); ++lane) {
    if (one.program.lanes.size() > 1)
      print(stdout, "    thread {}:\n", lane);
    for (size_t i = 0; i < one.program.lanes[lane].size(); ++i) {
      const Step& step = one.program.lanes[lane][i];
      print(stdout, "      {}. {}\n", i + 1, render(step, 72));
      if (step.text.find('\n') != std::string::npos)
        print_lines(stdout, "         | ", step.text);
      if (const auto& expectation = one.expectations[lane][i])
        print(stdout, "         expected: {}\n", describe(*expectation));
    }
  }
  if (one.program.finish == Finish::finalize)
    print(stdout, "    then the runtime is finalized, and the process exits\n");
  print(stdout, "  judges:\n");
  for (const std::string& id : one.clauses) {
    const Clause& clause = *suite.clauses.find(id);
    print(stdout, "    {} ({}): {}\n", id, to_string(clause.kind), clause.summary);
    if (!clause.quote.empty())
      print(stdout, "      quote: \"{}\"\n", clause.quote);
  }
  print(stdout, "  alone: {}\n", alone("pep554 run", one.id));
}

// The nearest ids, the nearest first: those that differ little, share what stands before the dot,
// or contain the word.
std::string suggestion(const Suite& suite, const std::string& id) {
  std::vector<std::string> near = ids_of(suite);
  constexpr size_t longest = 200; // longer words are near to nothing
  const std::string word = id.substr(0, longest);
  const std::string head = id.substr(0, id.find('.')) + ".";
  const std::string first = nearest(id, near);
  std::erase_if(near, [&](const std::string& known) {
    return known != first && !known.starts_with(head) && known.find(id) == std::string::npos;
  });
  std::ranges::stable_sort(near, {},
                           [&](const std::string& known) { return distance(word, known); });
  near.resize(std::min<size_t>(near.size(), 6));
  return near.empty() ? "see pep554 list cases and pep554 list clauses"
                      : fmt::format("there are {}, ...", fmt::join(near, ", "));
}

void list_targets(const Paths& paths) {
  print(stdout, "Targets that this machine has, as --target takes them:\n");
  discover(paths, [](const FoundTarget& one) {
    print(stdout, "  {}\n    {}{}{}\n", one.target, one.what,
          !one.what.empty() && !one.problem.empty() ? ": " : "",
          one.problem.empty() ? "" : "cannot be judged: " + one.problem);
    flush(stdout);
  });
  print(stdout, "\nForms:\n");
  for (const TargetForm& target : target_forms(paths))
    print(stdout, "  {:<28} {}\n", target.form, target.what);
  print(stdout, "\nAll of them: pep554 list targets --toml >targets.toml, "
                "pep554 run --targets targets.toml\n");
}

// A string as TOML has it between single quotes, where nothing is escaped; else as a basic one.
std::string toml_string(const std::string& text) {
  const auto plain = [](char c) { return c >= ' ' && c != '\''; };
  if (std::ranges::all_of(text, plain))
    return "'" + text + "'";
  return nlohmann::json(text).dump(); // what JSON escapes, TOML does alike
}

// A name that is taken gets a number.
std::string unused(const std::string& name, std::set<std::string>& taken) {
  std::string free = name;
  for (int number = 2; !taken.insert(free).second; ++number)
    free = fmt::format("{}-{}", name, number);
  return free;
}

void write_targets(const Paths& paths) {
  std::set<std::string> taken;
  discover(paths, [&](const FoundTarget& one) {
    if (one.name.empty())
      print(stdout, "# {}: {}\n\n", one.target, one.problem);
    else
      print(stdout, "[[target]]\nname = {}\ntarget = {}\n\n",
            AsIs{toml_string(unused(one.name, taken))}, AsIs{toml_string(one.target)});
    flush(stdout);
  });
}

// An error when an option is not for what is listed.
Result<> check_options(const ListOptions& options) {
  if (options.toml && options.what != "targets")
    return fail("--toml is for targets: pep554 list targets --toml");
  const bool selectable = options.what == "cases" || options.what == "properties";
  if (!selectable && (!options.filter.empty() || !options.shard.empty()))
    return fail(
        "--filter and --shard are for cases and properties: pep554 list cases --filter 'run.*'");
  return {};
}

Exit list_selected(Suite& suite, const ListOptions& options) {
  const std::vector<std::string> ids = ids_of(suite);
  const Selection selection{options.filter, options.shard, options.times};
  if (const auto selected = select(suite, selection); !selected)
    return print_error(Exit::usage, selected.error());
  const bool cases = options.what == "cases";
  if (cases ? suite.cases.empty() : suite.properties.empty())
    return print_error(Exit::nothing_run, nothing_selected(selection, ids));
  if (cases)
    for (const Case& one : suite.cases)
      print(stdout, "{:<36} {}\n", one.id, one.title);
  else
    for (const properties::Property& one : suite.properties)
      print(stdout, "{:<36} {}\n", one.name, one.sentence);
  return Exit::conformant;
}

} // namespace

Exit list_command(const ListOptions& options, const Paths& paths) {
  if (const auto fitting = check_options(options); !fitting)
    return print_error(Exit::usage, fitting.error());
  if (options.what == "targets") {
    options.toml ? write_targets(paths) : list_targets(paths);
    return Exit::conformant;
  }
  auto suite = load_and_report(paths);
  if (!suite)
    return Exit::usage;
  if (options.what != "clauses")
    return list_selected(*suite, options);
  for (const Clause& clause : suite->clauses.clauses)
    print(stdout, "{:<28} {:<8} {:>3} cases  {}\n", clause.id, to_string(clause.kind),
          citing(*suite, clause.id).size(), clause.summary);
  return Exit::conformant;
}

Exit explain_command(const std::string& id, const Paths& paths) {
  const auto suite = load_and_report(paths);
  if (!suite)
    return Exit::usage;
  const auto found = std::ranges::find(suite->cases, id, &Case::id);
  const Clause* clause = suite->clauses.find(id);
  if (found == suite->cases.end() && clause == nullptr) {
    print(stderr, "pep554: no case and no clause \"{}\": {}\n", id, suggestion(*suite, id));
    return Exit::usage;
  }
  if (clause != nullptr)
    explain_clause(*clause, *suite);
  if (found != suite->cases.end())
    explain_case(*found, *suite);
  return Exit::conformant;
}

} // namespace pep554
