// Whether a program can still come to its end. Once a step could not be asked at all, what it
// should have done is missing for good: when every other lane then waits at a gate, or has ended,
// nobody is left who would open one.
#pragma once

#include <atomic>
#include <cstddef>

namespace pep554::host {

// Any thread.
class Outlook {
public:
  explicit Outlook(size_t lanes) : moving_(lanes) {}

  void missed() { missed_ = true; } // a step was answered "unsupported" or "failed"
  void stands() { --moving_; }      // a lane waits at a gate, or has ended
  void moves() { ++moving_; }       // ... and waits no longer
  bool hopeless() const { return missed_ && moving_ == 0; }

private:
  std::atomic<size_t> moving_;
  std::atomic<bool> missed_{false};
};

} // namespace pep554::host
