#include "cases/tables.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "cases/step_reader.h"
#include "spec/nearest.h"
#include "spec/toml_reader.h"

namespace pep554 {
namespace {

// One row being read.
class RowReader {
public:
  RowReader(const toml::table& row, std::string table, const std::string& display_path,
            const ClauseSet& clauses, Diagnostics& diagnostics)
      : reader_(row, display_path, diagnostics), table_(std::move(table)),
        display_path_(display_path), clauses_(clauses), diagnostics_(diagnostics) {}

  Case read() {
    Case read;
    read.where = reader_.where();
    read.id = table_ + '.' + read_name();
    read.title = reader_.required("title");
    read.clauses = reader_.texts("clauses").value_or(std::vector<std::string>{});
    read.property = reader_.text("property").value_or("");
    check_clauses(read);
    read_finish(read.program);
    read_limits(read.program);
    read_lanes(read);
    reader_.finish();
    return read;
  }

private:
  std::string read_name() {
    std::string name = reader_.required("name");
    const auto ok = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    if (!name.empty() && !std::ranges::all_of(name, ok))
      reader_.report("name", fmt::format("\"{}\": expected lower case, digits and '-'", name));
    return name;
  }

  void read_limits(Program& program) {
    Limits& limits = program.limits;
    const auto take = [this](const char* name, std::uint64_t& limit) {
      if (const auto number = reader_.positive(name))
        limit = static_cast<std::uint64_t>(*number);
    };
    take("output_bytes", limits.output_bytes);
    take("memory_bytes", limits.memory_bytes);
    take("open_files", limits.open_files);
    take("processes", limits.processes);
    if (const auto deadline = reader_.positive("deadline_ms", longest_deadline.count()))
      limits.deadline = std::chrono::milliseconds(*deadline);
    if (const auto times = reader_.positive("repeat"))
      program.repeat = static_cast<unsigned>(std::min<std::int64_t>(*times, 100'000));
  }

  void check_clauses(Case& read) {
    if (read.clauses.empty())
      reader_.report("clauses", "expected \"clauses\" = the ids of the clauses that it judges");
    read.open = !read.clauses.empty();
    for (const std::string& id : read.clauses) {
      const Clause* clause = clauses_.find(id);
      if (clause == nullptr)
        reader_.report("clauses",
                       fmt::format("\"{}\" is no clause{}: expected an id of spec/clauses.toml", id,
                                   did_you_mean(id, clauses_.ids())));
      else if (clause->kind != ClauseKind::open)
        read.open = false;
    }
  }

  void read_finish(Program& program) {
    const std::string finish = reader_.text("finish").value_or("quit");
    if (finish == "finalize")
      program.finish = Finish::finalize;
    else if (finish != "quit")
      reader_.report("finish", fmt::format("\"{}\": expected \"quit\" or \"finalize\"", finish));
  }

  // "steps" is one lane, "lanes" are several.
  void read_lanes(Case& read) {
    std::vector<std::vector<const toml::table*>> lanes;
    if (reader_.has("lanes"))
      lanes = tables_of_lanes();
    else
      lanes.push_back(reader_.tables("steps"));
    const std::set<std::string> names = bound_names(lanes);
    size_t judged = 0;
    for (const auto& lane : lanes) {
      auto& steps = read.program.lanes.emplace_back();
      auto& expectations = read.expectations.emplace_back();
      for (const toml::table* table : lane) {
        TableStep step = read_step(*table, names, display_path_, diagnostics_);
        const bool any = step.expectation && step.expectation->outcome == Expectation::Outcome::any;
        judged += step.expectation && (!any || read.open) ? 1U : 0U;
        steps.push_back(std::move(step.step));
        expectations.push_back(std::move(step.expectation));
      }
      if (lane.empty())
        reader_.report("steps", "expected \"steps\" = an array of tables that is not empty");
    }
    const bool survival =
        std::ranges::find(read.clauses, "isolation.survives") != read.clauses.end();
    if (judged == 0 && read.program.finish == Finish::quit && !survival)
      reader_.report("steps", "no step is judged: expected at least one \"expect\" other than "
                              "\"any\", or open clauses alone, or \"isolation.survives\"");
  }

  std::vector<std::vector<const toml::table*>> tables_of_lanes() {
    std::vector<std::vector<const toml::table*>> lanes;
    const auto* array = reader_.node("lanes")->as_array();
    for (size_t i = 0; array != nullptr && i < array->size(); ++i) {
      std::vector<const toml::table*> lane;
      const auto* steps = array->get(i)->as_array();
      for (size_t k = 0; steps != nullptr && k < steps->size(); ++k)
        if (const auto* step = steps->get(k)->as_table())
          lane.push_back(step);
      if (steps == nullptr || lane.size() != steps->size())
        diagnostics_.add(position(*array->get(i), display_path_),
                         "expected a lane: an array of tables");
      lanes.push_back(std::move(lane));
    }
    if (array == nullptr || lanes.empty())
      reader_.report("lanes", "expected \"lanes\" = an array of arrays of tables");
    return lanes;
  }

  static std::set<std::string>
  bound_names(const std::vector<std::vector<const toml::table*>>& lanes) {
    std::set<std::string> names;
    for (const auto& lane : lanes)
      for (const toml::table* step : lane)
        if (const auto name = (*step)["as"].value<std::string>())
          names.insert(*name);
    return names;
  }

  TableReader reader_;
  std::string table_;
  const std::string& display_path_;
  const ClauseSet& clauses_;
  Diagnostics& diagnostics_;
};

void read_table(const toml::table& table, const std::string& name, const std::string& display_path,
                const ClauseSet& clauses, std::vector<Case>& cases, Diagnostics& diagnostics) {
  TableReader reader(table, display_path, diagnostics);
  reader.required("about");
  const auto rows = reader.tables("case");
  if (rows.empty())
    reader.report("case", "expected at least one [[case]]");
  for (const toml::table* row : rows)
    cases.push_back(RowReader(*row, name, display_path, clauses, diagnostics).read());
  reader.finish();
}

void check_names(const std::vector<Case>& cases, Diagnostics& diagnostics) {
  std::map<std::string_view, const Case*> seen;
  for (const Case& one : cases) {
    const auto [other, fresh] = seen.emplace(one.id, &one);
    if (!fresh)
      diagnostics.add(one.where, fmt::format("duplicate case \"{}\": first in {}:{}", one.id,
                                             other->second->where.file, other->second->where.line));
  }
}

} // namespace

std::vector<Case> load_cases(const std::filesystem::path& directory,
                             const std::string& display_path, const ClauseSet& clauses,
                             Diagnostics& diagnostics) {
  std::vector<std::filesystem::path> paths;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failure))
    if (entry.path().extension() == ".toml")
      paths.push_back(entry.path());
  if (paths.empty())
    diagnostics.add({display_path, 0, 0}, failure
                                              ? "cannot be read: expected a folder of case tables"
                                              : "holds no case tables: expected *.toml");
  std::ranges::sort(paths);
  std::vector<Case> cases;
  for (const auto& path : paths) {
    const std::string file = (std::filesystem::path(display_path) / path.filename()).string();
    if (const auto table = parse_toml(path, file, diagnostics))
      read_table(*table, path.stem().string(), file, clauses, cases, diagnostics);
  }
  check_names(cases, diagnostics);
  return cases;
}

void read_cases(std::string_view text, const std::string& name, const std::string& display_path,
                const ClauseSet& clauses, std::vector<Case>& cases, Diagnostics& diagnostics) {
  if (const auto table = parse_toml_text(text, display_path, diagnostics))
    read_table(*table, name, display_path, clauses, cases, diagnostics);
}

void check_coverage(const std::vector<Case>& cases, const ClauseSet& clauses,
                    Diagnostics& diagnostics) {
  for (const Clause& clause : clauses.clauses) {
    const bool cited = std::ranges::any_of(cases, [&](const Case& one) {
      return std::ranges::find(one.clauses, clause.id) != one.clauses.end();
    });
    if (!cited && clause.kind != ClauseKind::open)
      diagnostics.add(clause.where, fmt::format("no case judges \"{}\": expected at least one row "
                                                "that cites it",
                                                clause.id));
  }
}

} // namespace pep554
