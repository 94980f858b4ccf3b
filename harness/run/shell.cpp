#include "harness/run/shell.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace pep554 {

std::string quoted(const std::string& word) {
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("-_./:,=+@%").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::ranges::all_of(word, plain))
    return word;
  std::string safe = "'";
  for (const char c : word)
    safe += c == '\'' ? "'\\''" : std::string(1, c);
  return safe + "'";
}

} // namespace pep554
