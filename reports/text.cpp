#include "reports/text.h"

#include <fmt/format.h>

namespace pep554 {
std::string counted(size_t count, std::string_view noun, std::string_view plural) {
  if (count == 1)
    return fmt::format("1 {}", noun);
  return plural.empty() ? fmt::format("{} {}s", count, noun) : fmt::format("{} {}", count, plural);
}

std::string anchor(std::string_view prefix, std::string_view id) {
  constexpr std::string_view allowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  std::string name(prefix);
  for (const char letter : id)
    name += allowed.find(letter) == std::string_view::npos ? '_' : letter;
  return name;
}

} // namespace pep554
