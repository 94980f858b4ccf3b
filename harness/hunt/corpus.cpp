#include "harness/hunt/corpus.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "cases/tables.h"

namespace pep554 {

namespace fs = std::filesystem;

std::vector<KnownCase> load_corpus(const fs::path& folder, const ClauseSet& clauses,
                                   Diagnostics& diagnostics) {
  std::vector<fs::path> tables;
  std::error_code failure;
  for (fs::recursive_directory_iterator at(folder, failure), end; !failure && at != end;
       at.increment(failure))
    if (at->path().extension() == ".toml" && at->path().filename() != "pair.toml")
      tables.push_back(at->path());
  if (failure && failure != std::errc::no_such_file_or_directory)
    diagnostics.add(
        {folder.string(), 0, 0},
        fmt::format("cannot be read ({}): expected a folder of tables", failure.message()));
  std::ranges::sort(tables);
  std::vector<KnownCase> known;
  for (const fs::path& table : tables) {
    std::ifstream file(table, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::vector<Case> cases;
    read_cases(text, table.stem().string(), table.string(), clauses, cases, diagnostics);
    for (Case& one : cases)
      known.push_back({std::move(one), ""});
    for (size_t i = known.size() - cases.size(); i < known.size(); ++i)
      known[i].label = cases.size() == 1
                           ? table.string()
                           : fmt::format("{} ({})", table.string(), known[i].subject.id);
  }
  return known;
}

} // namespace pep554
