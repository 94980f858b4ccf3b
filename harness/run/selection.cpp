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
Result<CaseTimes> times_of(const std::filesystem::path& path) {
  CaseTimes times;
  if (path.empty())
    return times;
  const auto run = read_results(path);
  if (!run)
    return fail("--times: " + to_string(run.error()));
  for (const CaseResult& one : run->cases)
    if (one.verdict != Verdict::not_run)
      times.emplace(one.id, one.microseconds);
  return times;
}

// Keeps the items that the filter selects and that are in the shard. `id_of` has an item's id.
template <class Item, class IdOf>
Result<> keep_selected(std::vector<Item>& items, const ClauseSet& clauses,
                       const Selection& selection, const IdOf& id_of) {
  const auto filter = Filter::parse(selection.filter);
  if (!filter)
    return tl::unexpected(filter.error());
  std::erase_if(
      items, [&](const Item& one) { return !filter->selects(id_of(one), one.clauses, clauses); });
  if (selection.shard.empty())
    return {};
  const auto shard = shard_from(selection.shard);
  const auto times = shard.and_then([&](Shard) { return times_of(selection.times); });
  if (!times)
    return tl::unexpected(times.error());
  std::vector<std::string> ids;
  ids.reserve(items.size());
  for (const Item& one : items)
    ids.push_back(id_of(one));
  const auto mine = ids_of_shard(std::move(ids), *times, *shard);
  std::erase_if(items,
                [&](const Item& one) { return !std::ranges::binary_search(mine, id_of(one)); });
  return {};
}

} // namespace

Result<> select(Suite& suite, const Selection& selection) {
  const auto id_of_case = [](const Case& one) { return one.id; };
  const auto id_of_property = [](const properties::Property& one) {
    return "property." + one.name;
  };
  return keep_selected(suite.cases, suite.clauses, selection, id_of_case).and_then([&] {
    return keep_selected(suite.properties, suite.clauses, selection, id_of_property);
  });
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
