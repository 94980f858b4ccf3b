#include "harness/engine/wire.h"

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
