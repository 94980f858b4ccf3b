// Shared memory of a host's own: what programs put into /dev/shm, and what they make of System V's
// memory, semaphores and queues, is seen by no other process, is removed after each program, and is
// gone when the last process of the host is, whatever ended it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace pep554::host {

// Moves this process, and all that it starts, into a namespace of IPC and one of mounts, where
// /dev/shm is its own. While it has one thread. Nothing becomes of it where the kernel refuses
// namespaces to this user, as in many containers; /dev/shm also stays as it is where the current
// directory, TMPDIR or one of `words`, the command's, is in there.
void separate_shared_memory(std::span<const std::string> words);

// Whether /dev/shm is a host's own here; the same at any time once the host has started.
bool has_own_shared_memory();

// Removes what is there, and counts it; 0 where it is not a host's own.
size_t clear_shared_memory();
std::int64_t count_shared_memory();

} // namespace pep554::host
