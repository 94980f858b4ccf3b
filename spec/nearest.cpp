#include "spec/nearest.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace pep554 {

size_t distance(std::string_view one, std::string_view other) {
  // Rows of the table of distances between beginnings: of `one` without its last two characters,
  // without its last, and of all that was looked at.
  std::vector<size_t> before;
  std::vector<size_t> last(other.size() + 1);
  std::iota(last.begin(), last.end(), size_t{0});
  for (size_t i = 1; i <= one.size(); ++i) {
    std::vector<size_t> row{i};
    for (size_t k = 1; k <= other.size(); ++k) {
      const bool same = one[i - 1] == other[k - 1];
      size_t least = std::min({last[k] + 1, row[k - 1] + 1, last[k - 1] + (same ? 0 : 1)});
      if (i > 1 && k > 1 && one[i - 1] == other[k - 2] && one[i - 2] == other[k - 1])
        least = std::min(least, before[k - 2] + 1);
      row.push_back(least);
    }
    before = std::move(last);
    last = std::move(row);
  }
  return last.back();
}

std::string nearest(std::string_view word, const std::vector<std::string>& names) {
  constexpr size_t longest = 200; // of a name; the work grows with the product of both
  const size_t most = std::max<size_t>(1, word.size() / 3);
  std::string found;
  size_t least = most + 1;
  for (const std::string& name : names) {
    const size_t edits = word.size() > longest ? least : distance(word, name);
    if (edits < least && edits < name.size()) {
      found = name;
      least = edits;
    }
  }
  return found;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& names) {
  const std::string name = nearest(word, names);
  return name.empty() ? "" : fmt::format(" (did you mean {}?)", name);
}

} // namespace pep554
