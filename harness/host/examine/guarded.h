// Memory that is lent to a slot and watched: bytes that nobody may touch around it, or a page that
// cannot be touched right behind it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pep554::host {

// Every byte of what is lent is this beforehand.
constexpr std::uint8_t untouched = 0x5A;

bool is_untouched(const void* from, size_t size);

// `size` bytes whose last is the last of a page, followed by a page that cannot be touched. A touch
// ends the process with the finding `check`, in the words `seen`. At most 16 at a time.
class BeforeAWall {
public:
  BeforeAWall(size_t size, std::string_view check, std::string_view seen, int findings_fd);
  ~BeforeAWall();
  BeforeAWall(const BeforeAWall&) = delete;
  BeforeAWall& operator=(const BeforeAWall&) = delete;

  void* data() const { return data_; }
  size_t size() const { return size_; }

private:
  std::uint8_t* pages_ = nullptr;
  size_t mapped_ = 0;
  std::uint8_t* data_ = nullptr;
  size_t size_ = 0;
  size_t slot_ = 0;
};

// `size` bytes with room on both sides that is looked at afterwards.
class Fenced {
public:
  explicit Fenced(size_t size) : size_(size), bytes_(size + 2 * room, untouched) {}
  void* data() { return bytes_.data() + room; }
  bool fences_stand() const {
    return is_untouched(bytes_.data(), room) && is_untouched(bytes_.data() + room + size_, room);
  }

private:
  static constexpr size_t room = 512;
  size_t size_;
  std::vector<std::uint8_t> bytes_;
};

// Sees to it that a touch of a wall is told as what it is. Once a process, before the plugin is
// loaded.
void watch_walls();

// The exit status of a process that ran into a wall.
constexpr int exit_at_wall = 97;

} // namespace pep554::host
