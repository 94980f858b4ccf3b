// The resources of this process: memory, descriptors, threads, children, temporary files. Measuring
// keeps no resources, and takes some ten system calls.
#pragma once

#include <cstdint>

#include <nlohmann/json_fwd.hpp>

namespace pep554::host {

struct ResourceUsage {
  std::int64_t memory = 0; // bytes that are resident and not shared with a file
  std::int64_t descriptors = 0;
  std::int64_t threads = 0;
  std::int64_t processes = 0; // children, also those that have ended and were not waited for

  ResourceUsage& operator+=(const ResourceUsage& other);
  friend ResourceUsage operator-(ResourceUsage left, const ResourceUsage& right);
};

// Counts that cannot be read, in a process that has no /proc or no descriptor left, are 0.
ResourceUsage resource_usage();

// The entries of the folder that TMPDIR names, at any depth, and the objects of shared memory,
// where that is the host's own.
std::int64_t temporary_files();

// The fields of the events "measured" and "grown".
void add_fields(const ResourceUsage& usage, nlohmann::json& event);

} // namespace pep554::host
