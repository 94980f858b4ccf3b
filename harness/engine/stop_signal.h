// A request to stop, in a form that poll understands.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>

namespace pep554 {

// Readable from the request on, for good. A token that can never be stopped is never readable.
class StopSignal {
public:
  explicit StopSignal(std::stop_token token); // throws std::system_error without descriptors
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  int fd() const { return fd_; } // only this object reads, writes or closes it
  bool given() const { return token_.stop_requested(); }

private:
  std::stop_token token_;
  int fd_;
  std::optional<std::stop_callback<std::function<void()>>> callback_;
};

} // namespace pep554
