#include "harness/cli/suite.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <fnmatch.h>

#include "harness/cli/print.h"

namespace pep554 {

std::optional<Suite> load_suite(const Paths& paths, const std::filesystem::path& cases) {
  Diagnostics diagnostics;
  Suite suite;
  const std::string display_path = "spec/clauses.toml";
  suite.clauses = load_clauses(paths.spec / "clauses.toml", display_path, diagnostics);
  std::ifstream file(paths.spec / "pep-0554-2017-09-05.txt", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  check_quotes(suite.clauses, text, display_path, diagnostics);
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

bool print_diagnostics(const Diagnostics& diagnostics) {
  for (const Diagnostic& one : diagnostics.sorted())
    print(stderr, "{}\n", to_string(one));
  return !diagnostics.empty();
}

void select(Suite& suite, const std::string& pattern) {
  const auto matches = [&](const std::string& id) {
    return ::fnmatch(pattern.c_str(), id.c_str(), 0) == 0;
  };
  std::erase_if(suite.cases, [&](const Case& one) {
    return !matches(one.id) && std::ranges::none_of(one.clauses, matches);
  });
}

} // namespace pep554
