#include "harness/hunt/failure_folder.h"

#include <cctype>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cases/table_writer.h"
#include "cases/tables.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// "crash-destroy-SIGABRT"
std::string folder_name(const std::string& signature) {
  std::string name;
  for (const char c : signature)
    name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
  return name;
}

std::string table_name(const Counterexample& one) {
  return one.cases.size() > 1 ? "pair.toml" : "finding.toml";
}

std::string shape_in(const fs::path& table, const ClauseSet& clauses) {
  std::ifstream file(table, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::vector<Case> cases;
  Diagnostics ignored; // what cannot be read is another's
  read_cases(text, "table", table.string(), clauses, cases, ignored);
  std::string shape;
  for (const Case& part : cases)
    shape += shape_of(part.program);
  return shape;
}

bool write(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  return static_cast<bool>(out.flush());
}

} // namespace

fs::path folder_for(const Counterexample& one, const fs::path& failures, const ClauseSet& clauses) {
  const fs::path first = failures / folder_name(one.signature);
  fs::path folder = first;
  for (int number = 2; fs::exists(folder / table_name(one)) &&
                       shape_in(folder / table_name(one), clauses) != one.shape;
       ++number)
    folder = fmt::format("{}-{}", first.string(), number);
  return folder;
}

std::optional<std::string> write_failure(const Counterexample& one, const fs::path& folder,
                                         const std::string& about) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  std::vector<Case> cases = one.cases;
  for (size_t i = 0; i < cases.size(); ++i) {
    cases[i].id = i == 0 ? "finding.smallest" : "finding.compared";
    cases[i].title = fmt::format("{}: {}", one.signature, one.property->sentence);
  }
  bool written = write(folder / table_name(one), table_text(about, cases));
  for (size_t i = 0; i < one.histories.size(); ++i) {
    const std::string name = i == 0 ? "history.json" : "history-2.json";
    const std::string text =
        to_json(one.histories[i]).dump(1, ' ', false, json::error_handler_t::replace);
    written = write(folder / name, text + "\n") && written;
  }
  return written ? std::nullopt
                 : std::optional(fmt::format("{}: cannot be written", folder.string()));
}

} // namespace pep554
