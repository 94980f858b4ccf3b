#include "harness/engine/wire.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

namespace pep554 {
namespace {

struct Shape {
  size_t nesting = 0; // of lists and objects, at most
  size_t values = 0;  // as many, or a few more
};

Shape shape_of(std::string_view text) {
  Shape shape{0, 1};
  size_t depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"')
      quoted = !quoted;
    else if (quoted)
      i += c == '\\' ? 1U : 0U;
    else if (c == '[' || c == '{')
      shape.nesting = std::max(shape.nesting, ++depth);
    else if ((c == ']' || c == '}') && depth > 0)
      --depth;
    if (!quoted && (c == '[' || c == '{' || c == ',' || c == ':'))
      ++shape.values;
  }
  return shape;
}

// The number of the escape "\uXXXX" at this place of a JSON text; nothing when there is none.
std::optional<unsigned> unit_at(std::string_view text, size_t at) {
  unsigned unit = 0;
  if (text.size() < at + 6 || text[at] != '\\' || text[at + 1] != 'u')
    return std::nullopt;
  const char* const end = text.data() + at + 6;
  const auto [rest, error] = std::from_chars(text.data() + at + 2, end, unit, 16);
  return error == std::errc() && rest == end ? std::optional(unit) : std::nullopt;
}

std::string without_lone_surrogates(std::string_view text) {
  std::string replaced(text);
  for (size_t at = 0; (at = replaced.find('\\', at)) != std::string::npos;) {
    const unsigned unit = unit_at(replaced, at).value_or(0);
    const unsigned next = unit_at(replaced, at + 6).value_or(0);
    if (unit >= 0xD800 && unit <= 0xDBFF && next >= 0xDC00 && next <= 0xDFFF)
      at += 12;
    else if (unit >= 0xD800 && unit <= 0xDFFF)
      replaced.replace(std::exchange(at, at + 6) + 2, 4, "fffd");
    else
      at += 2; // with the character that it escapes
  }
  return replaced;
}

} // namespace

std::string encode_frame(const nlohmann::json& document) {
  const std::string body = document.dump();
  const auto size = static_cast<std::uint32_t>(body.size());
  std::string frame;
  frame.reserve(body.size() + 4);
  for (const unsigned shift : {24U, 16U, 8U, 0U})
    frame += static_cast<char>((size >> shift) & 0xFFU);
  return frame + body;
}

size_t nesting_of(std::string_view text) {
  return shape_of(text).nesting;
}

nlohmann::json parse_body(std::string_view body) {
  using nlohmann::json;
  const Shape shape = shape_of(body);
  if (shape.nesting > max_nesting)
    throw json::other_error::create(598, "nested too deep", nullptr);
  if (shape.values > max_values)
    throw json::other_error::create(595, "too many values", nullptr);
  return body.find("\\u") == std::string_view::npos ? json::parse(body)
                                                    : json::parse(without_lone_surrogates(body));
}

std::optional<std::string> FrameReader::next() {
  if (broken_ || buffer_.size() - consumed_ < 4)
    return std::nullopt;
  std::uint32_t size = 0;
  for (size_t i = 0; i < 4; ++i)
    size = (size << 8U) | static_cast<unsigned char>(buffer_[consumed_ + i]);
  if (size > max_frame_bytes) {
    broken_ = true;
    return std::nullopt;
  }
  if (buffer_.size() - consumed_ - 4 < size)
    return std::nullopt;
  std::string body = buffer_.substr(consumed_ + 4, size);
  consumed_ += 4 + size;
  if (consumed_ == buffer_.size() || consumed_ > (1U << 16U)) {
    buffer_.erase(0, consumed_);
    consumed_ = 0;
  }
  return body;
}

} // namespace pep554
