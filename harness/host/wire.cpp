#include "harness/host/wire.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <utility>

#include <nlohmann/json.hpp>
#include <unistd.h>

namespace pep554::host {
namespace {

constexpr size_t header_size = 4;
constexpr size_t flush_size = size_t{256} << 10U;

size_t length_of(std::string_view header) {
  size_t length = 0;
  for (const char byte : header.substr(0, header_size))
    length = (length << 8U) | static_cast<std::uint8_t>(byte);
  return length;
}

// How deep lists and objects are nested, at most.
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

} // namespace

std::string frame(std::string_view payload) {
  std::string framed;
  framed.reserve(header_size + payload.size());
  for (const unsigned shift : {24U, 16U, 8U, 0U})
    framed.push_back(static_cast<char>((payload.size() >> shift) & 0xFFU));
  framed += payload;
  return framed;
}

std::string encode(const nlohmann::json& message) {
  return message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

nlohmann::json decode(std::string_view payload) {
  using nlohmann::json;
  return nesting_of(payload) > max_nesting ? json(json::value_t::discarded)
                                           : json::parse(payload, nullptr, false);
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

FrameReader::State FrameReader::fill(int fd) {
  std::array<char, 65536> chunk; // NOLINT: filled by read
  ssize_t got = 0;
  do {
    got = ::read(fd, chunk.data(), chunk.size());
  } while (got < 0 && errno == EINTR);
  if (got > 0)
    feed({chunk.data(), static_cast<size_t>(got)});
  else if (state_ == State::open)
    state_ = State::closed;
  return state_;
}

void FrameReader::feed(std::string_view bytes) {
  if (start_ > 0) {
    buffer_.erase(0, start_);
    start_ = 0;
  }
  buffer_ += bytes;
}

std::optional<std::string> FrameReader::next() {
  if (buffered() < header_size)
    return std::nullopt;
  const std::string_view rest = std::string_view(buffer_).substr(start_);
  const size_t length = length_of(rest);
  if (length > max_frame) {
    state_ = State::oversized;
    return std::nullopt;
  }
  if (rest.size() < header_size + length)
    return std::nullopt;
  start_ += header_size + length;
  return std::string(rest.substr(header_size, length));
}

void FrameWriter::queue(const nlohmann::json& message) {
  pending_ += frame(encode(message));
  if (pending_.size() >= flush_size)
    flush();
}

void FrameWriter::flush() {
  const std::string bytes = std::exchange(pending_, {});
  if (!broken_ && !write_all(fd_, bytes))
    broken_ = true;
}

size_t whole_characters(std::string_view bytes) {
  // Look back at most three bytes for the first byte of a character that is not complete.
  for (size_t back = 1; back <= 3 && back <= bytes.size(); ++back) {
    const auto byte = static_cast<std::uint8_t>(bytes[bytes.size() - back]);
    if ((byte & 0xC0U) == 0x80U)
      continue;
    const size_t needed = byte >= 0xF0U ? 4 : byte >= 0xE0U ? 3 : byte >= 0xC0U ? 2 : 1;
    return needed > back && byte < 0xF8U ? bytes.size() - back : bytes.size();
  }
  return bytes.size();
}

} // namespace pep554::host
