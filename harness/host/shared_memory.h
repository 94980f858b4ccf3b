// Shared memory of a host's own, where its jail has made some (harness/jail/namespaces.h): what
// programs put into /dev/shm, and what they make of System V's memory, semaphores and queues, is
// seen by no other process, and is removed after each program.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pep554::host {

// Whether /dev/shm is a host's own here. Once, when the host starts: before there are programs that
// could change what is seen; the same at any time from then on.
bool has_own_shared_memory();

// Removes what is there, and counts it; 0 where it is not a host's own.
size_t clear_shared_memory();
std::int64_t count_shared_memory();

} // namespace pep554::host
