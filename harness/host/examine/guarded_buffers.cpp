#include "harness/host/examine/guarded_buffers.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/host/examine/finding_sink.h"

namespace pep554::host {
namespace {

struct GuardPage {
  std::atomic<bool> in_use{false};
  const std::uint8_t* from = nullptr;
  size_t size = 0;
  std::string record; // made beforehand: a signal handler may send, but not allocate
  int fd = -1;
};

std::array<GuardPage, 16> guard_pages;

size_t page_size() {
  return static_cast<size_t>(::sysconf(_SC_PAGESIZE));
}

void on_fault(int signal, siginfo_t* info, void* /*context*/) {
  const auto* at = static_cast<const std::uint8_t*>(info->si_addr);
  for (const GuardPage& guard_page : guard_pages) {
    if (!guard_page.in_use || at < guard_page.from || at >= guard_page.from + guard_page.size)
      continue;
    static_cast<void>(
        ::send(guard_page.fd, guard_page.record.data(), guard_page.record.size(), MSG_NOSIGNAL));
    ::_exit(exit_at_guard_page);
  }
  ::signal(signal, SIG_DFL); // NOLINT(cert-err33-c): it happens again, and then ends the process
}

size_t claim_guard_page() {
  for (size_t i = 0; i < guard_pages.size(); ++i) {
    bool in_use = false;
    if (guard_pages[i].in_use.compare_exchange_strong(in_use, true))
      return i;
  }
  throw std::logic_error("too many guard pages");
}

} // namespace

bool is_untouched(const void* from, size_t size) {
  const auto* bytes = static_cast<const std::uint8_t*>(from);
  return std::all_of(bytes, bytes + size, [](std::uint8_t byte) { return byte == untouched; });
}

GuardPageBuffer::GuardPageBuffer(size_t size, std::string_view check, std::string_view seen,
                                 int findings_fd)
    : size_(size) {
  const size_t page = page_size();
  const size_t before = (size + page - 1) / page * page;
  mapped_ = before + page;
  void* pages =
      ::mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED)
    throw std::runtime_error("no memory for a guard page");
  pages_ = static_cast<std::uint8_t*>(pages);
  ::mprotect(pages_ + before, page, PROT_NONE);
  data_ = pages_ + before - size;
  std::memset(pages_, untouched, before);
  slot_ = claim_guard_page();
  guard_pages[slot_].from = pages_ + before;
  guard_pages[slot_].size = page;
  guard_pages[slot_].record = error_finding(check, seen);
  guard_pages[slot_].fd = findings_fd;
}

GuardPageBuffer::~GuardPageBuffer() {
  guard_pages[slot_].size = 0;
  guard_pages[slot_].in_use = false;
  ::munmap(pages_, mapped_);
}

void install_guard_page_handler() {
  struct sigaction action {};
  action.sa_sigaction = &on_fault;
  action.sa_flags = SA_SIGINFO;
  for (const int signal : {SIGSEGV, SIGBUS})
    ::sigaction(signal, &action, nullptr);
}

} // namespace pep554::host
