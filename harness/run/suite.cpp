#include "harness/run/suite.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/run/cases_digest.h"
#include "harness/run/filter.h"
#include "harness/run/shell.h"
#include "spec/read_file.h"

namespace pep554 {

Suite load_suite(const Paths& paths, const std::filesystem::path& cases, Diagnostics& diagnostics) {
  Suite suite;
  const std::string display_path = "spec/clauses.toml";
  suite.clauses = load_clauses(paths.spec / "clauses.toml", display_path, diagnostics);
  if (const auto text =
          read_file(paths.spec / "pep-0554-2017-09-05.txt", "the text that is judged against"))
    check_quotes(suite.clauses, *text, display_path, diagnostics);
  else
    diagnostics.add(text.error());
  const bool own = cases.empty();
  suite.cases = load_cases(own ? paths.cases : cases, own ? "cases" : cases.string(), suite.clauses,
                           diagnostics);
  if (own && diagnostics.empty())
    check_coverage(suite.cases, suite.clauses, diagnostics);
  suite.properties =
      properties::load_properties(paths.cases / "properties/properties.toml",
                                  "cases/properties/properties.toml", suite.clauses, diagnostics);
  suite.all_properties = suite.properties;
  suite.cases_sha256 = cases_digest(suite);
  return suite;
}

std::vector<std::string> clauses_of_property(const Case& finding, const Suite& suite) {
  const auto found = std::ranges::find_if(suite.properties, [&](const properties::Property& one) {
    return finding.property == one.name;
  });
  return found == suite.properties.end() ? std::vector<std::string>{} : found->clauses;
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
  for (const properties::Property& one : suite.properties)
    ids.push_back("property." + one.name);
  return ids;
}

std::string alone(const std::string& command, const std::string& id) {
  return fmt::format("{} --filter {} --out {}", command, pep554::quoted(filter_of(id)),
                     pep554::quoted("alone/" + id));
}

} // namespace pep554
