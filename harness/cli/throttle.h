// Limits the progress lines of a log.
#pragma once

#include <chrono>
#include <cstdint>

namespace pep554 {

// A line is due at each quarter of the total, and after a minute without one. One thread at a time.
class Throttle {
public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::minutes longest_silence{1};

  // `total` 0: unknown, so there are no quarters.
  explicit Throttle(std::uint64_t total, Clock::time_point now = Clock::now())
      : total_(total), last_(now) {}

  // `done` begins with 1 and grows by one from call to call.
  bool due(std::uint64_t done, Clock::time_point now = Clock::now()) {
    const bool quarter = total_ > 0 && done * 4 / total_ != (done - 1) * 4 / total_;
    if (!quarter && now - last_ < longest_silence)
      return false;
    last_ = now;
    return true;
  }

private:
  std::uint64_t total_;
  Clock::time_point last_;
};

} // namespace pep554
