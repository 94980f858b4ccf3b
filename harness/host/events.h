// The child's end of the event channel: a socket of records (SOCK_SEQPACKET). Each write is one
// record, complete and in order with any number of writers, of any size up to the socket's buffer;
// and what was written outlives the writer. A pipe guarantees that only up to PIPE_BUF, and
// malformed data in it would corrupt all later records.
#pragma once

#include <chrono>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace pep554::host {

// No record is larger; the largest are answers of enumerate, and $emit stays far below.
constexpr size_t max_record = size_t{256} << 10U;

// Any thread; no lock is needed.
class EventChannel {
public:
  using Clock = std::chrono::steady_clock;

  EventChannel(int fd, Clock::time_point fork) : fd_(fd), fork_(fork) {}

  // An event without `lane` and `step`, stamped with the time since the fork.
  nlohmann::json event(const char* kind) const;
  nlohmann::json event(const char* kind, size_t lane, size_t step) const;

  // Ends the process when the host is gone. False when the record is too large to be sent.
  bool write(const nlohmann::json& record) const;
  int fd() const { return fd_; }

private:
  int fd_;
  Clock::time_point fork_;
};

} // namespace pep554::host
