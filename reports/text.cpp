#include "reports/text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pep554 {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Characters of more than one byte that a reader would not see as they are.
constexpr std::array invisible{
    Range{0x80, 0x9F},     // C1 controls
    Range{0x200E, 0x200F}, // marks of direction
    Range{0x202A, 0x202E}, // embeddings and overrides of direction
    Range{0x2066, 0x2069}, // isolates of direction
    Range{0xFFFE, 0xFFFF}, // noncharacters, forbidden in XML 1.0
};

bool is_invisible(char32_t point) {
  return std::ranges::any_of(
      invisible, [point](const Range& r) { return r.first <= point && point <= r.last; });
}

size_t length_of(unsigned char lead) {
  if (lead < 0x80)
    return 1;
  if (lead < 0xE0)
    return 2;
  return lead < 0xF0 ? 3 : 4;
}

// The code point of one well-formed sequence.
char32_t decode(std::string_view sequence) {
  const auto lead = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1)
    return lead;
  char32_t point = lead & (0x7FU >> sequence.size());
  for (const char next : sequence.substr(1))
    point = (point << 6U) | (static_cast<unsigned char>(next) & 0x3FU);
  return point;
}

std::string visible(std::string_view sequence) {
  const char32_t point = decode(sequence);
  if (point == U'\t' || point == U'\n')
    return std::string(sequence);
  if (point < 0x20 || point == 0x7F)
    return fmt::format("\\x{:02X}", static_cast<std::uint32_t>(point));
  if (is_invisible(point))
    return fmt::format("<U+{:04X}>", static_cast<std::uint32_t>(point));
  return std::string(sequence);
}

} // namespace

std::string valid_utf8(std::string_view text) {
  using nlohmann::json;
  const json raw = std::string(text);
  return json::parse(raw.dump(-1, ' ', false, json::error_handler_t::replace)).get<std::string>();
}

std::string readable(std::string_view text) {
  const std::string valid = valid_utf8(text);
  std::string escaped;
  escaped.reserve(valid.size());
  for (std::string_view rest = valid; !rest.empty();) {
    const auto length = length_of(static_cast<unsigned char>(rest.front()));
    escaped += visible(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  return escaped;
}

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
