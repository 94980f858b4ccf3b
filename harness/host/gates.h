// The gates of one program: each a pipe of the child's; one byte in it opens the gate permanently.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "harness/host/macros.h"
#include "harness/host/stall_detector.h"

namespace pep554::host {

// Made before the lanes start; afterwards any thread may open and wait, until the lanes have ended.
class Gates {
public:
  // Throws std::system_error when there are no descriptors left.
  explicit Gates(const std::set<std::string>& names);
  ~Gates();
  Gates(const Gates&) = delete;
  Gates& operator=(const Gates&) = delete;

  const GateTable& table() const { return table_; }
  void open(std::string_view name) const; // once or often
  // Blocks until it is open. False on a deadlock.
  bool wait(std::string_view name, StallDetector& stalls) const;

private:
  GateTable table_;
};

} // namespace pep554::host
