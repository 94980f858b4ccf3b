// The frames of the host protocol on the engine's side: four bytes of length, most significant
// first, then a JSON document in UTF-8.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace pep554 {

inline constexpr size_t max_frame_bytes = 128U << 20U; // as PROTOCOL.md has it

// A document as a frame. Throws nlohmann::json::type_error when a string in it is not UTF-8.
std::string encode_frame(const nlohmann::json& document);

// Documents nested deeper are refused: much of what reads a document calls itself for each level.
inline constexpr size_t max_nesting = 100;

// Documents with more values are refused: each takes some 100 bytes, and two of the text.
inline constexpr size_t max_values = size_t{1} << 20U;

// The document in a frame's body. A lone surrogate, which JSON holds only as an escape ("\ud800"),
// becomes U+FFFD. Throws nlohmann::json::exception when it is no JSON, nested too deep, or has too
// many values.
nlohmann::json parse_body(std::string_view body);

// The maximum nesting depth of lists and objects in a JSON text; any number for other texts.
size_t nesting_of(std::string_view text);

// Puts frames together from bytes that arrive in any portions.
class FrameReader {
public:
  void feed(std::string_view bytes) { buffer_.append(bytes); }
  // The body of the next whole frame, if there is one.
  std::optional<std::string> next();
  // True once a length above max_frame_bytes was announced: the stream is not this protocol.
  bool broken() const { return broken_; }

private:
  std::string buffer_;
  size_t consumed_ = 0;
  bool broken_ = false;
};

} // namespace pep554
