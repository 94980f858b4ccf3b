// The memory of processes, from /proc.
#pragma once

#include <cstdint>
#include <vector>

#include <sys/types.h>

namespace pep554 {

// What these processes hold together, in bytes; a page that several share counts once. Files in
// memory (memfd_create) that they have open count even where no process has mapped them. Where they
// hold no more than `enough` even if it counted for each, that larger sum: it is much faster to
// read. A process that cannot be read, or is gone, counts as nothing.
std::uint64_t memory_of(const std::vector<pid_t>& processes, std::uint64_t enough = 0);

} // namespace pep554
