#include "cases/properties/property.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "spec/nearest.h"
#include "spec/toml_reader.h"

namespace pep554::properties {
namespace {

constexpr std::int64_t most_weight = 1000;

const std::map<std::string_view, Check>& checks() {
  static const std::map<std::string_view, Check> all{{"answers", Check::answers},
                                                     {"leaves-nothing", Check::leaves_nothing},
                                                     {"same-again", Check::same_again},
                                                     {"in-any-order", Check::in_any_order}};
  return all;
}

bool remembers(SnippetKind kind) {
  return kind <= SnippetKind::has_path;
}

class PropertyReader {
public:
  PropertyReader(const toml::table& table, const std::string& display_path,
                 const ClauseSet& clauses, Diagnostics& diagnostics)
      : reader_(table, display_path, diagnostics), display_path_(display_path), clauses_(clauses),
        diagnostics_(diagnostics) {}

  Property read() {
    property_.where = reader_.where();
    property_.name = reader_.required("name");
    property_.sentence = reader_.required("sentence");
    read_clauses();
    read_share();
    read_check();
    read_profile();
    reader_.finish();
    return std::move(property_);
  }

private:
  void read_clauses() {
    property_.clauses = reader_.texts("clauses").value_or(std::vector<std::string>{});
    if (property_.clauses.empty())
      reader_.report("clauses", "expected \"clauses\" = the ids of the clauses that it tests");
    for (const std::string& id : property_.clauses)
      if (clauses_.find(id) == nullptr)
        reader_.report("clauses",
                       fmt::format("\"{}\" is no clause{}: expected an id of spec/clauses.toml", id,
                                   did_you_mean(id, clauses_.ids())));
  }

  void read_share() {
    if (const auto share = reader_.positive("share", most_weight))
      property_.share = static_cast<unsigned>(*share);
  }

  void read_check() {
    const std::string check = reader_.text("check").value_or("answers");
    if (const auto known = check_from(check))
      property_.check = *known;
    else
      reader_.report("check", fmt::format("\"{}\": expected \"answers\", \"leaves-nothing\", "
                                          "\"same-again\" or \"in-any-order\"",
                                          check));
  }

  void read_profile() {
    Profile& profile = property_.profile = everything();
    // Comparisons and measurements need one order of operations, on one thread.
    if (property_.check != Check::answers)
      profile.lanes = 1;
    if (reader_.has("operations"))
      profile = {read_operations(),
                 std::move(profile.snippet_kinds),
                 1,
                 profile.length,
                 0,
                 profile.dead,
                 profile.literal,
                 profile.finalize,
                 profile.destroy_all};
    if (reader_.has("snippets"))
      profile.snippet_kinds = read_snippets();
    read_number("lanes", profile.lanes, 1, 8);
    read_number("length", profile.length, 1, 64);
    read_number("blocking", profile.blocking, 0, 100);
    read_number("dead", profile.dead, 0, 100);
    read_number("literal", profile.literal, 0, 100);
    read_number("finalize", profile.finalize, 0, 100);
    read_number("destroy-all", profile.destroy_all, 0, 100);
  }

  void read_number(std::string_view key, unsigned& number, std::int64_t least, std::int64_t most) {
    const toml::node* node = reader_.node(key);
    if (node == nullptr)
      return;
    const auto value = node->value_exact<std::int64_t>();
    if (value && *value >= least && *value <= most)
      number = static_cast<unsigned>(*value);
    else
      reader_.report(key, fmt::format("expected a whole number from {} to {}", least, most));
  }

  // Calls `take` with each key of the table, its weight and its context.
  template <typename Take>
  void weights(std::string_view key, Take take) {
    const toml::node* given = reader_.node(key);
    const toml::table* table = given != nullptr ? given->as_table() : nullptr;
    if (table == nullptr || table->empty()) {
      reader_.report(key, "expected a table of weights that is not empty");
      return;
    }
    for (const auto& [name, node] : *table) {
      const toml::node& weight = node;
      const auto value = weight.value_exact<std::int64_t>();
      const Source where = position(weight, display_path_);
      if (value && *value > 0 && *value <= most_weight)
        take(std::string_view(name.str()), static_cast<unsigned>(*value), where);
      else
        diagnostics_.add(where, fmt::format("expected a weight from 1 to {}", most_weight));
    }
  }

  std::map<Op, unsigned> read_operations() {
    std::map<Op, unsigned> operations;
    weights("operations", [&](std::string_view name, unsigned weight, const Source& where) {
      const OpInfo* operation = find_operation(name);
      if (operation == nullptr || operation->op == Op::open || operation->op == Op::wait)
        diagnostics_.add(where, fmt::format("\"{}\": expected an operation", name));
      else
        operations[operation->op] = weight;
    });
    return operations;
  }

  // "memory" stands for everything that an interpreter remembers.
  std::map<SnippetKind, unsigned> read_snippets() {
    std::map<SnippetKind, unsigned> snippets;
    weights("snippets", [&](std::string_view name, unsigned weight, const Source& where) {
      const SnippetInfo* kind = find_snippet_kind(name);
      for (const SnippetInfo& one : snippet_kinds())
        if (kind == &one || (name == "memory" && remembers(one.kind)))
          snippets[one.kind] = weight;
      if (kind == nullptr && name != "memory")
        diagnostics_.add(where, fmt::format("\"{}\": expected a snippet, or \"memory\"", name));
    });
    return snippets;
  }

  TableReader reader_;
  const std::string& display_path_;
  const ClauseSet& clauses_;
  Diagnostics& diagnostics_;
  Property property_;
};

std::vector<Property> read_all(const toml::table& table, const std::string& display_path,
                               const ClauseSet& clauses, Diagnostics& diagnostics) {
  TableReader reader(table, display_path, diagnostics);
  std::vector<Property> properties;
  for (const toml::table* one : reader.tables("property")) {
    properties.push_back(PropertyReader(*one, display_path, clauses, diagnostics).read());
    const std::string& name = properties.back().name;
    if (std::ranges::count(properties, name, &Property::name) > 1)
      diagnostics.add(position(*one, display_path), fmt::format("duplicate property \"{}\"", name));
  }
  if (properties.empty())
    reader.report("property", "expected at least one [[property]]");
  reader.finish();
  return properties;
}

} // namespace

std::string_view to_string(Check check) {
  const auto found =
      std::ranges::find(checks(), check, &std::pair<const std::string_view, Check>::second);
  return found->first;
}

std::optional<Check> check_from(std::string_view name) {
  const auto found = checks().find(name);
  return found == checks().end() ? std::nullopt : std::optional(found->second);
}

std::vector<Property> load_properties(const std::filesystem::path& file,
                                      const std::string& display_path, const ClauseSet& clauses,
                                      Diagnostics& diagnostics) {
  const auto table = parse_toml(file, display_path, diagnostics);
  return table ? read_all(*table, display_path, clauses, diagnostics) : std::vector<Property>{};
}

std::vector<Property> read_properties(std::string_view text, const std::string& display_path,
                                      const ClauseSet& clauses, Diagnostics& diagnostics) {
  const auto table = parse_toml_text(text, display_path, diagnostics);
  return table ? read_all(*table, display_path, clauses, diagnostics) : std::vector<Property>{};
}

// A stride that has no factor in common with the sum meets every property in its share, spread out.
const Property& property_of(const std::vector<Property>& properties, std::uint64_t example) {
  const auto sum =
      std::accumulate(properties.begin(), properties.end(), std::uint64_t{0},
                      [](std::uint64_t all, const Property& one) { return all + one.share; });
  std::uint64_t stride = std::max<std::uint64_t>(sum * 5 / 8, 1);
  while (std::gcd(stride, sum) != 1)
    ++stride;
  std::uint64_t at = example * stride % sum;
  for (const Property& one : properties) {
    if (at < one.share)
      return one;
    at -= one.share;
  }
  return properties.front();
}

} // namespace pep554::properties
