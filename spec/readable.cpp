#include "spec/readable.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

namespace pep554 {
namespace {

constexpr char32_t replacement = 0xFFFD;

struct Range {
  char32_t first;
  char32_t last;
};

// Characters of more than one byte that a reader would not see as they are.
constexpr std::array invisible{
    Range{0x80, 0x9F},       // C1 controls
    Range{0xAD, 0xAD},       // soft hyphen
    Range{0x34F, 0x34F},     // combining grapheme joiner
    Range{0x61C, 0x61C},     // Arabic letter mark
    Range{0x115F, 0x1160},   // Hangul fillers
    Range{0x180E, 0x180E},   // Mongolian vowel separator
    Range{0x200B, 0x200F},   // of no width, and marks of direction
    Range{0x2028, 0x202E},   // ends of lines; embeddings and overrides of direction
    Range{0x2060, 0x206F},   // of no width, and isolates of direction
    Range{0x3164, 0x3164},   // Hangul filler
    Range{0xFEFF, 0xFEFF},   // byte order mark
    Range{0xFFA0, 0xFFA0},   // Hangul filler
    Range{0xFFF9, 0xFFFB},   // annotations
    Range{0xFFFE, 0xFFFF},   // noncharacters, forbidden in XML 1.0
    Range{0xE0000, 0xE007F}, // tags
};

bool is_invisible(char32_t point) {
  return std::ranges::any_of(
      invisible, [point](const Range& r) { return r.first <= point && point <= r.last; });
}

struct Character {
  char32_t point = replacement;
  size_t size = 1; // of its bytes, which are a whole character or ill-formed
  bool valid = false;
};

// The bytes that may follow a first byte: how many, and which may come second.
struct Continuation {
  size_t count = 0;
  std::uint8_t least = 0x80;
  std::uint8_t most = 0xBF;
};

Continuation after(std::uint8_t lead) {
  if (lead < 0xC2 || lead > 0xF4)
    return {};
  if (lead < 0xE0)
    return {1};
  if (lead < 0xF0)
    return {2, static_cast<std::uint8_t>(lead == 0xE0 ? 0xA0 : 0x80),
            static_cast<std::uint8_t>(lead == 0xED ? 0x9F : 0xBF)};
  return {3, static_cast<std::uint8_t>(lead == 0xF0 ? 0x90 : 0x80),
          static_cast<std::uint8_t>(lead == 0xF4 ? 0x8F : 0xBF)};
}

// The first character of a text that is not empty.
Character first_of(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text[0]);
  if (lead < 0x80)
    return {lead, 1, true};
  const Continuation next = after(lead);
  if (next.count == 0)
    return {};
  char32_t point = lead & (0x3FU >> next.count);
  for (size_t i = 1; i <= next.count; ++i) {
    const auto byte = i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0};
    if (byte < (i == 1 ? next.least : 0x80) || byte > (i == 1 ? next.most : 0xBF))
      return {replacement, i, false};
    point = (point << 6U) | (byte & 0x3FU);
  }
  return {point, next.count + 1, true};
}

// Calls `put` with each character and its bytes.
template <class Put>
void each_character(std::string_view text, Put put) {
  while (!text.empty()) {
    const Character character = first_of(text);
    put(character, character.valid ? text.substr(0, character.size) : "\uFFFD");
    text.remove_prefix(character.size);
  }
}

std::string visible(char32_t point, std::string_view bytes) {
  if (point < 0x20 || point == 0x7F)
    return fmt::format("\\x{:02x}", static_cast<std::uint32_t>(point));
  if (point >= 0x80 && is_invisible(point))
    return fmt::format("<U+{:04X}>", static_cast<std::uint32_t>(point));
  return std::string(bytes);
}

} // namespace

std::string valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  each_character(text, [&](const Character&, std::string_view bytes) { valid += bytes; });
  return valid;
}

std::string readable(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  each_character(text, [&](const Character& character, std::string_view bytes) {
    const bool white = character.point == U'\t' || character.point == U'\n';
    escaped += white ? std::string(bytes) : visible(character.point, bytes);
  });
  return escaped;
}

std::string on_one_line(std::string_view text, size_t width) {
  constexpr std::string_view more = "...";
  std::string line;
  size_t fitting = 0; // bytes of whole characters that leave room for `more`
  while (!text.empty() && line.size() <= width) {
    const Character character = first_of(text);
    const std::string_view bytes = character.valid ? text.substr(0, character.size) : "\uFFFD";
    line += character.point == U'\n'   ? "\\n"
            : character.point == U'\t' ? "\\t"
                                       : visible(character.point, bytes);
    if (line.size() + more.size() <= width)
      fitting = line.size();
    text.remove_prefix(character.size);
  }
  return line.size() <= width ? line : line.substr(0, fitting) + std::string(more);
}

} // namespace pep554
