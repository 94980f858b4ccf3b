// The socket that carries a program's events to the host, one record a write; see events.h.
#pragma once

#include <cstddef>

#include "harness/host/descriptor.h"

namespace pep554::host {

// Throws std::system_error when there are no descriptors left.
Ends make_event_socket();

struct ReceivedRecord {
  enum Kind { record, none, end } kind = none; // none: not yet
  size_t size = 0;
};

// Reads the next record into `max_record` bytes, without waiting. A larger one is truncated, and is
// malformed then.
ReceivedRecord receive_record(int fd, char* buffer);

} // namespace pep554::host
