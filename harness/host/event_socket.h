// The socket that carries a program's events to the host, one record a write; see events.h.
#pragma once

#include <cstddef>

#include "harness/host/descriptor.h"

namespace pep554::host {

// Throws std::system_error when there are no descriptors left.
Ends make_event_socket();

struct ReceivedRecord {
  enum What { record, nothing, end } what = nothing; // nothing: not now
  size_t size = 0;
};

// The next record, into `max_record` bytes, without waiting. A larger one is cut, and so is
// rubbish.
ReceivedRecord receive_record(int fd, char* buffer);

} // namespace pep554::host
