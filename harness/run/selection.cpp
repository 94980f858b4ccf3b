#include "harness/run/selection.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "harness/run/filter.h"
#include "harness/run/shard.h"
#include "reports/results_file.h"
#include "spec/nearest.h"

namespace pep554 {
namespace {

// The times of an earlier run. Only what was executed has one.
std::optional<CaseTimes> times_of(const std::filesystem::path& path, std::string& error) {
  CaseTimes times;
  if (path.empty())
    return times;
  const auto run = read_results(path, error);
  if (!run) {
    error = "--times: " + error;
    return std::nullopt;
  }
  for (const CaseResult& one : run->cases)
    if (one.verdict != Verdict::not_run)
      times.emplace(one.id, one.microseconds);
  return times;
}

// Keeps the items that the filter selects and that are in the shard. `id_of` has an item's id.
template <class Item, class IdOf>
bool keep_selected(std::vector<Item>& items, const ClauseSet& clauses, const Selection& selection,
                   const IdOf& id_of, std::string& error) {
  const auto filter = Filter::parse(selection.filter, error);
  if (!filter)
    return false;
  std::erase_if(
      items, [&](const Item& one) { return !filter->selects(id_of(one), one.clauses, clauses); });
  if (selection.shard.empty())
    return true;
  const auto shard = shard_from(selection.shard, error);
  const auto times = shard ? times_of(selection.times, error) : std::nullopt;
  if (!times)
    return false;
  std::vector<std::string> ids;
  ids.reserve(items.size());
  for (const Item& one : items)
    ids.push_back(id_of(one));
  const auto mine = ids_of_shard(std::move(ids), *times, *shard);
  std::erase_if(items,
                [&](const Item& one) { return !std::ranges::binary_search(mine, id_of(one)); });
  return true;
}

} // namespace

bool select(Suite& suite, const Selection& selection, std::string& error) {
  const auto id_of_property = [](const properties::Property& one) {
    return "property." + one.name;
  };
  return keep_selected(
             suite.cases, suite.clauses, selection, [](const Case& one) { return one.id; },
             error) &&
         keep_selected(suite.properties, suite.clauses, selection, id_of_property, error);
}

std::string nothing_selected(const Selection& selection, const std::vector<std::string>& ids) {
  if (!selection.shard.empty())
    return fmt::format("nothing is in shard {}: nothing was run; there are fewer cases than shards",
                       selection.shard);
  const std::string& filter = selection.filter;
  const std::string pattern = filter.substr(filter.find('=') + 1); // of case=; npos + 1 is 0
  return fmt::format(
      "no case and no property matches \"{}\"{}: nothing was run; see pep554 list cases", filter,
      did_you_mean(pattern, ids));
}

} // namespace pep554
