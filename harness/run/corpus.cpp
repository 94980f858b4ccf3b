#include "harness/run/corpus.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "cases/tables.h"
#include "spec/read_file.h"

namespace pep554 {

namespace fs = std::filesystem;

std::vector<std::vector<Case>> read_programs(const fs::path& table, const ClauseSet& clauses,
                                             Diagnostics& diagnostics) {
  const auto text = read_file(table, "a table of cases");
  if (!text) {
    diagnostics.add(text.error());
    return {};
  }
  std::vector<Case> cases;
  read_cases(*text, table.stem().string(), table.string(), clauses, cases, diagnostics);
  if (table.filename() == "pair.toml") {
    if (diagnostics.empty() && cases.size() != 2)
      diagnostics.add({table.string(), 0, 0}, "expected two cases, which are compared");
    return {std::move(cases)};
  }
  std::vector<std::vector<Case>> all;
  all.reserve(cases.size());
  for (Case& one : cases)
    all.push_back({std::move(one)});
  return all;
}

std::vector<KnownCase> load_corpus(const fs::path& folder, const ClauseSet& clauses,
                                   Diagnostics& diagnostics) {
  std::vector<fs::path> tables;
  std::error_code failure;
  for (fs::recursive_directory_iterator at(folder, failure), end; !failure && at != end;
       at.increment(failure))
    if (at->path().extension() == ".toml")
      tables.push_back(at->path());
  if (failure && failure != std::errc::no_such_file_or_directory)
    diagnostics.add(
        {folder.string(), 0, 0},
        fmt::format("cannot be read ({}): expected a folder of tables", failure.message()));
  std::ranges::sort(tables);
  std::vector<KnownCase> known;
  for (const fs::path& table : tables) {
    auto all = read_programs(table, clauses, diagnostics);
    for (std::vector<Case>& cases : all) {
      if (cases.empty()) // an error was reported
        continue;
      std::string label = all.size() == 1
                              ? table.string()
                              : fmt::format("{} ({})", table.string(), cases.front().id);
      known.push_back({std::move(cases), std::move(label)});
    }
  }
  return known;
}

void limit(std::vector<Case>& cases, std::chrono::milliseconds deadline) {
  for (Case& one : cases)
    if (one.program.limits.deadline == Limits{}.deadline)
      one.program.limits.deadline = deadline;
}

} // namespace pep554
