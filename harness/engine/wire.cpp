#include "harness/engine/wire.h"

#include <algorithm>
#include <cstdint>

#include <nlohmann/json.hpp>

namespace pep554 {

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
  size_t depth = 0;
  size_t deepest = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"')
      quoted = !quoted;
    else if (quoted)
      i += c == '\\' ? 1U : 0U;
    else if (c == '[' || c == '{')
      deepest = std::max(deepest, ++depth);
    else if ((c == ']' || c == '}') && depth > 0)
      --depth;
  }
  return deepest;
}

nlohmann::json parse_body(std::string_view body) {
  if (nesting_of(body) > max_nesting)
    throw nlohmann::json::other_error::create(598, "nested too deep", nullptr);
  return nlohmann::json::parse(body);
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
