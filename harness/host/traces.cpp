#include "harness/host/traces.h"

#include <array>
#include <cerrno>

#include <execinfo.h>
#include <fcntl.h>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/host/fatal_signals.h"

namespace pep554::host {
namespace {

// A sanitizer has handlers and words of its own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool traced_here = false;
#else
constexpr bool traced_here = true;
#endif

constexpr size_t alternate_stack = size_t{64} << 10U;

void write_text(std::string_view text) {
  // Nothing can be done about a failure here.
  [[maybe_unused]] const ssize_t written = ::write(trace_fd, text.data(), text.size());
}

void write_backtrace() {
  std::array<void*, 64> frames{};
  const int count = ::backtrace(frames.data(), static_cast<int>(frames.size()));
  write_text("Native stack of the thread that got the signal (most recent call first):\n");
  ::backtrace_symbols_fd(frames.data(), count, trace_fd);
}

// The action was reset to the default when the handler was entered: a second fault, in here, ends
// the process as the first would have.
void on_fatal(int signal) {
  write_backtrace();
  ::raise(signal); // NOLINT(cert-err33-c): delivered when this returns
}

void on_asked(int /*signal*/) {
  const int before = errno;
  write_backtrace();
  errno = before;
}

void handle(int signal, void (*handler)(int), int flags) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = flags | SA_ONSTACK;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

} // namespace

int ask_signal() {
  return SIGRTMAX;
}

void handle_signals() {
  if (!traced_here)
    return;
  std::array<void*, 1> frame{};
  ::backtrace(frame.data(), 1); // loads the unwinder, which a handler could not
  for (const int signal : fatal_signals)
    handle(signal, &on_fatal, SA_RESETHAND);
  handle(ask_signal(), &on_asked, SA_RESTART);
}

void install_traces(const Runtime& runtime) {
  if (::fcntl(trace_fd, F_GETFD) < 0)
    ::dup3(STDERR_FILENO, trace_fd, O_CLOEXEC);
  handle_signals();
  if (runtime.plugin.trace != nullptr)
    runtime.plugin.trace->trace_to(runtime.handle, trace_fd, ask_signal());
}

void trace_to(int fd) {
  ::dup3(fd, trace_fd, O_CLOEXEC);
}

AlternateStack::AlternateStack() {
  if (!traced_here)
    return;
  void* memory = ::mmap(nullptr, alternate_stack, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED)
    return; // without one, a stack overflow has no trace
  memory_ = memory;
  stack_t stack{};
  stack.ss_sp = memory_;
  stack.ss_size = alternate_stack;
  ::sigaltstack(&stack, &before_);
}

AlternateStack::~AlternateStack() {
  if (memory_ == nullptr)
    return;
  ::sigaltstack(&before_, nullptr);
  ::munmap(memory_, alternate_stack);
}

} // namespace pep554::host
