// Detects deadlock: a step could not run, and all other lanes wait at gates or have ended, so that
// no lane is left to open a gate.
#pragma once

#include <atomic>
#include <cstddef>

namespace pep554::host {

// Any thread.
class StallDetector {
public:
  explicit StallDetector(size_t lanes) : moving_(lanes) {}

  void step_failed() { failed_ = true; } // its answer is "unsupported" or "failed"
  void lane_blocked() { --moving_; }     // a lane waits at a gate, or has ended
  void lane_resumed() { ++moving_; }     // ... and waits no longer
  bool is_stalled() const { return failed_ && moving_ == 0; }

private:
  std::atomic<size_t> moving_;
  std::atomic<bool> failed_{false};
};

} // namespace pep554::host
