// Splits a selection into shards: each case is in exactly one, and each shard takes about as long.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "spec/result.h"

namespace pep554 {

// One of several parts of a run.
struct Shard {
  unsigned index = 1; // from 1 to count
  unsigned count = 1;
};

// Reads "I/N", with I from 1 to N and N up to 10,000.
Result<Shard> shard_from(std::string_view text);

// How long each case took before, in microseconds, by id.
using CaseTimes = std::map<std::string, std::int64_t, std::less<>>;

// The ids that are in this shard, sorted. The longest case goes first, to the shard that has the
// least to do so far; a case without a time counts as the median of the others. So the result
// depends on nothing but the set of ids and the times. `ids` are distinct.
std::vector<std::string> ids_of_shard(std::vector<std::string> ids, const CaseTimes& times,
                                      Shard shard);

} // namespace pep554
