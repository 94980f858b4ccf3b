// Reports "refused" to the engine when a runtime ends the process while it starts: some abort or
// exit when files are missing.
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
