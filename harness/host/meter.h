// What this process holds at a moment: memory, descriptors, threads, children, temporary files.
// Measuring holds nothing itself, and takes some ten system calls.
#pragma once

#include <cstdint>

#include <nlohmann/json_fwd.hpp>

namespace pep554::host {

struct Holdings {
  std::int64_t memory = 0; // bytes that are resident and not shared with a file
  std::int64_t descriptors = 0;
  std::int64_t threads = 0;
  std::int64_t processes = 0; // children, also those that have ended and were not waited for

  Holdings& operator+=(const Holdings& other);
  friend Holdings operator-(Holdings left, const Holdings& right);
};

// Counts that cannot be had, in a process that has no /proc or no descriptor left, are 0.
Holdings holdings();

// The entries of the folder that TMPDIR names, at any depth, and the objects of shared memory,
// where that is the host's own.
std::int64_t temporary_files();

// The fields of the events "measured" and "grown".
void put(const Holdings& held, nlohmann::json& event);

} // namespace pep554::host
