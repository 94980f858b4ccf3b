// The framing of the host protocol: a length of four bytes, big-endian, then that many bytes of
// JSON. Nothing here knows what a message means.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace pep554::host {

constexpr size_t max_frame = size_t{128} << 20U; // larger ones are refused, in both directions

// The four bytes and the payload.
std::string frame(std::string_view payload);

// JSON text of a message; invalid UTF-8 within becomes U+FFFD, so this never throws for strings.
std::string encode(const nlohmann::json& message);

// Documents nested deeper are refused: much of what reads a document calls itself for each level.
constexpr size_t max_nesting = 100;

// The document in a payload, or in a record; "discarded" (no object, no list) when it is no JSON or
// nested too deep.
nlohmann::json decode(std::string_view payload);

// Writes all of it, also through interruptions. False when the other end is gone.
bool write_all(int fd, std::string_view bytes);

// Cuts a byte stream into payloads. One thread at a time.
class FrameReader {
public:
  enum class State {
    open,
    closed,
    oversized
  }; // closed: end of file, or an error of the descriptor

  // Reads once, blocking if the descriptor does.
  State fill(int fd);
  void feed(std::string_view bytes);

  // The next whole payload, if there is one.
  std::optional<std::string> next();

  State state() const { return state_; }
  size_t buffered() const { return buffer_.size() - start_; }

private:
  std::string buffer_;
  size_t start_ = 0; // of the first byte not yet handed out
  State state_ = State::open;
};

// Messages that leave together: queued, then written by flush. One thread at a time.
class FrameWriter {
public:
  explicit FrameWriter(int fd) : fd_(fd) {}
  void queue(const nlohmann::json& message);
  void flush();
  bool broken() const { return broken_; } // the other end is gone; what is queued is dropped
  int fd() const { return fd_; }

private:
  int fd_;
  std::string pending_;
  bool broken_ = false;
};

// The longest prefix that does not end within a UTF-8 character, so that a stream can be decoded in
// pieces. Invalid bytes are no reason to hold anything back.
size_t whole_characters(std::string_view bytes);

} // namespace pep554::host
