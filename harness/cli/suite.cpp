#include "harness/cli/suite.h"

#include <algorithm>

#include <fmt/format.h>
#include <fnmatch.h>

#include "harness/cli/print.h"
#include "harness/cli/shell.h"
#include "spec/nearest.h"
#include "spec/read_file.h"

namespace pep554 {

std::optional<Suite> load_suite(const Paths& paths, const std::filesystem::path& cases) {
  Diagnostics diagnostics;
  Suite suite;
  const std::string display_path = "spec/clauses.toml";
  suite.clauses = load_clauses(paths.spec / "clauses.toml", display_path, diagnostics);
  const std::filesystem::path text = paths.spec / "pep-0554-2017-09-05.txt";
  std::string problem;
  if (const auto content = read_file(text, problem))
    check_quotes(suite.clauses, *content, display_path, diagnostics);
  else
    diagnostics.add({text.string(), 0, 0}, problem + ": expected the text that is judged against");
  const bool own = cases.empty();
  suite.cases = load_cases(own ? paths.cases : cases, own ? "cases" : cases.string(), suite.clauses,
                           diagnostics);
  if (own && diagnostics.empty())
    check_coverage(suite.cases, suite.clauses, diagnostics);
  return print_diagnostics(diagnostics) ? std::nullopt : std::optional(std::move(suite));
}

std::optional<std::vector<properties::Property>> load_properties(const Paths& paths,
                                                                 const ClauseSet& clauses) {
  Diagnostics diagnostics;
  auto all = properties::load_properties(paths.cases / "properties/properties.toml",
                                         "cases/properties/properties.toml", clauses, diagnostics);
  return print_diagnostics(diagnostics) ? std::nullopt : std::optional(std::move(all));
}

std::vector<std::string> clauses_of_property(const Case& finding, const Paths& paths,
                                             const ClauseSet& clauses) {
  const auto properties = load_properties(paths, clauses);
  if (!properties)
    return {};
  const auto found = std::ranges::find_if(*properties, [&](const properties::Property& one) {
    return finding.title.ends_with(": " + one.sentence);
  });
  return found == properties->end() ? std::vector<std::string>{} : found->clauses;
}

std::vector<std::string> gating(const ClauseSet& clauses) {
  std::vector<std::string> ids;
  for (const Clause& clause : clauses.clauses)
    if (clause.kind != ClauseKind::open)
      ids.push_back(clause.id);
  return ids;
}

std::vector<std::string> ids_of(const Suite& suite) {
  std::vector<std::string> ids = suite.clauses.ids();
  for (const Case& one : suite.cases)
    ids.push_back(one.id);
  return ids;
}

bool print_diagnostics(const Diagnostics& diagnostics) {
  for (const Diagnostic& one : diagnostics.sorted())
    print(stderr, "{}\n", to_string(one));
  return !diagnostics.empty();
}

std::string alone(const std::string& command, const std::string& id) {
  std::string pattern;
  for (const char c : id)
    pattern += (std::string_view("*?[\\").find(c) == std::string_view::npos ? "" : "\\") +
               std::string(1, c);
  return fmt::format("{} --filter {} --out {}", command, pep554::quoted("case:" + pattern),
                     pep554::quoted("alone/" + id));
}

bool selects(const std::string& pattern, const std::string& id,
             const std::vector<std::string>& clauses) {
  const bool of_cases = !pattern.starts_with("clause:");
  const bool of_clauses = !pattern.starts_with("case:");
  const std::string glob = of_cases && of_clauses ? pattern : pattern.substr(pattern.find(':') + 1);
  const auto matches = [&](const std::string& one) {
    return ::fnmatch(glob.c_str(), one.c_str(), 0) == 0;
  };
  return (of_cases && matches(id)) || (of_clauses && std::ranges::any_of(clauses, matches));
}

void select(Suite& suite, const std::string& pattern) {
  std::erase_if(suite.cases,
                [&](const Case& one) { return !selects(pattern, one.id, one.clauses); });
}

std::string no_case_matches(const std::string& pattern, const std::vector<std::string>& ids) {
  const size_t colon = pattern.find(':'); // npos + 1 is 0
  return fmt::format("no case matches \"{}\"{}", pattern,
                     did_you_mean(pattern.substr(colon + 1), ids));
}

} // namespace pep554
