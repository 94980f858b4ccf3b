#include "harness/run/targets_file.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "spec/toml_reader.h"

namespace pep554 {
namespace {

// It is a folder, and stands in links.
bool is_plain(const std::string& name) {
  return name.front() != '.' && std::ranges::all_of(name, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
         });
}

void read_target(const toml::table& table, const std::string& display_path, const Paths& paths,
                 const std::filesystem::path& base, std::vector<NamedTarget>& targets,
                 Diagnostics& diagnostics) {
  TableReader row(table, display_path, diagnostics);
  const std::string name = row.required("name");
  const std::string given = row.required("target");
  row.finish();
  if (name.empty() || given.empty())
    return;
  if (!is_plain(name))
    row.report("name", fmt::format("\"{}\" names a folder: expected letters, digits, \"-\", "
                                   "\"_\" and \".\", not first \".\"",
                                   name));
  if (std::ranges::find(targets, name, &NamedTarget::name) != targets.end())
    row.report("name", fmt::format("there is a target \"{}\" already", name));
  auto target = parse_target(given, paths, base);
  if (!target)
    row.report("target", target.error().message);
  else
    targets.push_back({name, std::move(*target)});
}

} // namespace

std::vector<NamedTarget> load_targets(const std::filesystem::path& file, const Paths& paths,
                                      Diagnostics& diagnostics) {
  const std::string display_path = file.string();
  std::vector<NamedTarget> targets;
  if (const auto table = parse_toml(file, display_path, diagnostics)) {
    TableReader reader(*table, display_path, diagnostics);
    for (const toml::table* one : reader.tables("target"))
      read_target(*one, display_path, paths, std::filesystem::absolute(file).parent_path(), targets,
                  diagnostics);
    if (diagnostics.empty() && targets.empty())
      reader.report("target", "expected at least one [[target]]");
    reader.finish();
  }
  return targets;
}

} // namespace pep554
