// While a plugin starts its runtime, the process may end under us: a runtime that finds its files
// missing likes to abort or to exit. The engine is told "refused" even then.
#pragma once

namespace pep554::host {

// One at a time. While it lives, exit and fatal signals of this process send the message "refused"
// to `protocol_fd` first.
class StartGuard {
public:
  explicit StartGuard(int protocol_fd);
  ~StartGuard();
  StartGuard(const StartGuard&) = delete;
  StartGuard& operator=(const StartGuard&) = delete;
};

} // namespace pep554::host
