// Buffers for arguments of a slot that detect accesses out of bounds: with canary bytes on both
// sides, or with an inaccessible page behind the last byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pep554::host {

// The initial value of every byte.
constexpr std::uint8_t untouched = 0x5A;

bool is_untouched(const void* from, size_t size);

// `size` bytes that end where an inaccessible page begins. An access to that page reports an error
// of `check` with the text `seen`, and ends the process. At most 16 at a time.
class GuardPageBuffer {
public:
  GuardPageBuffer(size_t size, std::string_view check, std::string_view seen, int findings_fd);
  ~GuardPageBuffer();
  GuardPageBuffer(const GuardPageBuffer&) = delete;
  GuardPageBuffer& operator=(const GuardPageBuffer&) = delete;

  void* data() const { return data_; }
  size_t size() const { return size_; }

private:
  std::uint8_t* pages_ = nullptr;
  size_t mapped_ = 0;
  std::uint8_t* data_ = nullptr;
  size_t size_ = 0;
  size_t slot_ = 0;
};

// `size` bytes between canary bytes.
class CanaryBuffer {
public:
  explicit CanaryBuffer(size_t size) : size_(size), bytes_(size + 2 * room, untouched) {}
  void* data() { return bytes_.data() + room; }
  bool canaries_intact() const {
    return is_untouched(bytes_.data(), room) && is_untouched(bytes_.data() + room + size_, room);
  }

private:
  static constexpr size_t room = 512;
  size_t size_;
  std::vector<std::uint8_t> bytes_;
};

// Installs the signal handler that reports accesses to guard pages. Once per process, before the
// plugin is loaded.
void install_guard_page_handler();

// The exit status of a process that accessed a guard page.
constexpr int exit_at_guard_page = 97;

} // namespace pep554::host
