// A file descriptor with an owner.
#pragma once

#include <utility>

#include <unistd.h>

namespace pep554::host {

class Descriptor {
public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }

  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  void reset() {
    if (open())
      ::close(release());
  }

private:
  int fd_ = -1;
};

// Both ends of a connection between the host and a program's process.
struct Ends {
  Descriptor host;
  Descriptor child;
};

} // namespace pep554::host
