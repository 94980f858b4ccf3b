// What a mistyped name probably means.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pep554 {

// How many characters to insert, delete, replace or swap with their neighbour until one is the
// other.
size_t distance(std::string_view one, std::string_view other);

// The name with the least distance to `word`, the first of several. Empty when each differs in more
// than a third of the word, or there is none.
std::string nearest(std::string_view word, const std::vector<std::string>& names);

// " (did you mean X?)", or nothing when no name is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& names);

} // namespace pep554
