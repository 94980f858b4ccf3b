// What the fuzz targets share. A target is one function, which libFuzzer calls with bytes of its
// own making and replay.cpp with those of files. It ends the process when something does not hold,
// and lets through whatever must not be thrown; what the contract of a reader says that it throws,
// it catches.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size);

namespace pep554::fuzz {

inline std::string_view text_of(const std::uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// A finding: says which sentence does not hold, and aborts.
inline void require(bool holds, const char* sentence) {
  if (holds)
    return;
  static_cast<void>(std::fprintf(stderr, "does not hold: %s\n", sentence));
  std::abort();
}

// The input as a supply of choices; once it is used up every number is 0 and every text is empty.
class Supply {
public:
  explicit Supply(std::string_view bytes) : rest_(bytes) {}

  bool empty() const { return rest_.empty(); }
  std::uint8_t byte() { return static_cast<std::uint8_t>(take(1)); }
  std::uint64_t number() { return take(8); } // any
  std::uint32_t word() { return static_cast<std::uint32_t>(take(4)); }
  size_t below(size_t bound) { return byte() % bound; }
  // At most `most` bytes, at most 255.
  std::string_view text(size_t most) {
    const size_t size = std::min({static_cast<size_t>(byte()), most, rest_.size()});
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

private:
  std::uint64_t take(size_t count) {
    std::uint64_t value = 0;
    for (; count > 0 && !rest_.empty(); --count) {
      value = value << 8U | static_cast<std::uint8_t>(rest_.front());
      rest_.remove_prefix(1);
    }
    return value;
  }

  std::string_view rest_;
};

} // namespace pep554::fuzz
