#include "harness/run/failure_folder.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cases/table_writer.h"
#include "cases/tables.h"
#include "spec/read_file.h"

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

constexpr std::array table_names{"finding.toml", "pair.toml"};
// Says that a smaller one was not looked for to the end.
constexpr const char* unfinished = "unfinished";

std::string table_name(const Counterexample& one) {
  return table_names[one.cases.size() > 1 ? 1 : 0];
}

std::string history_name(size_t number) {
  return number == 0 ? "history.json" : "history-2.json";
}

size_t size_of(const std::vector<Case>& cases) {
  size_t steps = 0;
  for (const Case& one : cases)
    for (const auto& lane : one.program.lanes)
      steps += lane.size();
  return steps;
}

// Whether the folder may have this one: it has none, the same, or one that there was no time to
// make as small.
bool is_free(const fs::path& folder, const Counterexample& one, const ClauseSet& clauses) {
  const bool other = std::ranges::any_of(table_names, [&](const char* name) {
    return name != table_name(one) && fs::exists(folder / name);
  });
  const fs::path table = folder / table_name(one);
  if (other || !fs::exists(table))
    return !other;
  std::vector<Case> cases;
  Diagnostics ignored; // what cannot be read is another's
  read_cases(read_file(table).value_or(""), "table", table.string(), clauses, cases, ignored);
  return shape_of(cases) == one.shape ||
         (fs::exists(folder / unfinished) && size_of(cases) > size_of(one.cases));
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
  for (int number = 2; !is_free(folder, one, clauses); ++number)
    folder = fmt::format("{}-{}", first.string(), number);
  return folder;
}

Result<> write_failure(const Counterexample& one, const fs::path& folder,
                       const std::string& about) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  for (const char* former : {"history-2.json", "repro.py", "repro.c", unfinished})
    fs::remove(folder / former, failure);
  std::vector<Case> cases = one.cases;
  for (size_t i = 0; i < cases.size(); ++i) {
    cases[i].id = i == 0 ? "finding.smallest" : "finding.compared";
    cases[i].title = fmt::format("{}: {}", one.signature, one.property->sentence);
    cases[i].property = one.property->name;
  }
  bool written = write(folder / table_name(one), table_text(about, cases));
  for (size_t i = 0; i < one.histories.size(); ++i) {
    json document = to_json(one.histories[i]);
    document["baseline_bytes"] = one.baseline.memory;
    document["deadline_ms"] = one.limit.count();
    const std::string text = document.dump(1, ' ', false, json::error_handler_t::replace);
    written = write(folder / history_name(i), text + "\n") && written;
  }
  if (one.exhausted || one.executions == 0)
    written = write(folder / unfinished, "Shrinking ran out of time.\n") && written;
  return written ? Result<>() : fail("cannot be written", {folder.string()});
}

Result<Stored> read_histories(const fs::path& folder, const std::vector<Case>& cases) {
  Stored stored;
  for (size_t i = 0; i < cases.size(); ++i) {
    const fs::path file = folder / history_name(i);
    const auto text = read_file(file, "the history that pep554 properties writes beside a table");
    if (!text)
      return tl::unexpected(text.error());
    try {
      const json document = json::parse(*text);
      stored.histories.push_back(history_from(document));
      if (const auto own = fits(stored.histories.back(), cases[i].program); !own)
        return fail(fmt::format("expected a history of {}: {}", cases[i].id, own.error().message),
                    {file.string()});
      stored.baseline.memory = document.value("baseline_bytes", 0.0);
      if (document.contains("deadline_ms"))
        stored.limit = std::chrono::milliseconds(document["deadline_ms"].get<std::int64_t>());
    } catch (const json::exception& failure) {
      return fail(
          fmt::format("expected a history as pep554 properties writes it: {}", message_of(failure)),
          {file.string()});
    }
  }
  return stored;
}

} // namespace pep554
