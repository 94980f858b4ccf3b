// One output stream of a program: read, limited, and cut into text for messages.
#pragma once

#include <cstdint>
#include <string>

#include "harness/host/descriptor.h"

namespace pep554::host {

// The limit of forwarded bytes for both streams together.
struct OutputBudget {
  std::uint64_t limit = 0;
  std::uint64_t read = 0;
  bool exceeded() const { return read > limit; }
};

class OutputStream {
public:
  OutputStream(int number, Descriptor fd) : number_(number), fd_(std::move(fd)) {}

  // Reads once what is there. Returns text that ends with a whole character, at most what the
  // budget still allows; closes itself at the end of the stream.
  std::string read(OutputBudget& budget);

  // The rest: an incomplete character at the end.
  std::string rest() { return std::exchange(carry_, {}); }

  int number() const { return number_; } // 1 or 2
  int fd() const { return fd_.get(); }
  bool drained() const { return drained_; } // nothing was there at the last read

private:
  int number_;
  Descriptor fd_;
  std::string carry_;
  bool drained_ = false;
};

} // namespace pep554::host
