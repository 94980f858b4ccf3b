#include "harness/run/shard.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace pep554 {
namespace {

constexpr unsigned most_shards = 10'000;

std::optional<unsigned> whole_number(std::string_view text) {
  unsigned number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, number);
  return failure == std::errc{} && rest == end ? std::optional(number) : std::nullopt;
}

struct WeightedId {
  std::string id;
  std::int64_t microseconds = 0;
};

constexpr std::int64_t longest = 1'000'000'000'000; // of a case, in microseconds: sums stay numbers

// At least 1 µs each, so that cases without any time are shared out evenly.
std::vector<WeightedId> weighted(std::vector<std::string> ids, const CaseTimes& times) {
  std::ranges::sort(ids);
  std::vector<std::int64_t> known;
  for (const std::string& id : ids)
    if (const auto found = times.find(id); found != times.end())
      known.push_back(found->second);
  std::ranges::sort(known);
  const std::int64_t median = known.empty() ? 1 : known[known.size() / 2];
  std::vector<WeightedId> all;
  for (std::string& id : ids) {
    const auto found = times.find(id);
    const std::int64_t time = found == times.end() ? median : found->second;
    all.push_back({std::move(id), std::clamp<std::int64_t>(time, 1, longest)});
  }
  return all;
}

} // namespace

Result<Shard> shard_from(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    const auto index = whole_number(text.substr(0, slash));
    const auto count = whole_number(text.substr(slash + 1));
    if (index && count && *index >= 1 && *index <= *count && *count <= most_shards)
      return Shard{*index, *count};
  }
  return fail(
      fmt::format("--shard: \"{}\" is no shard: expected I/N, with I from 1 to N and N up to {}",
                  text, most_shards));
}

std::vector<std::string> ids_of_shard(std::vector<std::string> ids, const CaseTimes& times,
                                      Shard shard) {
  std::vector<WeightedId> all = weighted(std::move(ids), times);
  std::ranges::stable_sort(all, std::ranges::greater{}, &WeightedId::microseconds);
  std::vector<std::int64_t> loads(shard.count, 0);
  std::vector<std::string> mine;
  for (WeightedId& one : all) {
    const auto least = std::ranges::min_element(loads);
    *least += one.microseconds;
    if (least - loads.begin() == static_cast<std::ptrdiff_t>(shard.index) - 1)
      mine.push_back(std::move(one.id));
  }
  std::ranges::sort(mine);
  return mine;
}

} // namespace pep554
