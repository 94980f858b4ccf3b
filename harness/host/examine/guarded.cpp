#include "harness/host/examine/guarded.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/host/examine/findings.h"

namespace pep554::host {
namespace {

struct Wall {
  std::atomic<bool> stands{false};
  const std::uint8_t* from = nullptr;
  size_t size = 0;
  std::string record; // made beforehand: a signal handler may send, but not allocate
  int fd = -1;
};

std::array<Wall, 16> walls;

size_t page_size() {
  return static_cast<size_t>(::sysconf(_SC_PAGESIZE));
}

void on_fault(int signal, siginfo_t* info, void* /*context*/) {
  const auto* at = static_cast<const std::uint8_t*>(info->si_addr);
  for (const Wall& wall : walls) {
    if (!wall.stands || at < wall.from || at >= wall.from + wall.size)
      continue;
    static_cast<void>(::send(wall.fd, wall.record.data(), wall.record.size(), MSG_NOSIGNAL));
    ::_exit(exit_at_wall);
  }
  ::signal(signal, SIG_DFL); // NOLINT(cert-err33-c): it happens again, and then ends the process
}

size_t free_wall() {
  for (size_t i = 0; i < walls.size(); ++i) {
    bool stands = false;
    if (walls[i].stands.compare_exchange_strong(stands, true))
      return i;
  }
  throw std::logic_error("too many walls");
}

} // namespace

bool is_untouched(const void* from, size_t size) {
  const auto* bytes = static_cast<const std::uint8_t*>(from);
  return std::all_of(bytes, bytes + size, [](std::uint8_t byte) { return byte == untouched; });
}

BeforeAWall::BeforeAWall(size_t size, std::string_view check, std::string_view seen,
                         int findings_fd)
    : size_(size) {
  const size_t page = page_size();
  const size_t before = (size + page - 1) / page * page;
  mapped_ = before + page;
  void* pages =
      ::mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED)
    throw std::runtime_error("no memory for a wall");
  pages_ = static_cast<std::uint8_t*>(pages);
  ::mprotect(pages_ + before, page, PROT_NONE);
  data_ = pages_ + before - size;
  std::memset(pages_, untouched, before);
  slot_ = free_wall();
  walls[slot_].from = pages_ + before;
  walls[slot_].size = page;
  walls[slot_].record = mend_record(check, seen);
  walls[slot_].fd = findings_fd;
}

BeforeAWall::~BeforeAWall() {
  walls[slot_].size = 0;
  walls[slot_].stands = false;
  ::munmap(pages_, mapped_);
}

void watch_walls() {
  struct sigaction action {};
  action.sa_sigaction = &on_fault;
  action.sa_flags = SA_SIGINFO;
  for (const int signal : {SIGSEGV, SIGBUS})
    ::sigaction(signal, &action, nullptr);
}

} // namespace pep554::host
