// What a process gives up for itself and for all that it starts: privileges, files, system calls.
#pragma once

#include <string>

#include "harness/jail/namespaces.h"
#include "harness/jail/settings.h"

namespace pep554::jail {

// Each once, in the process that becomes the host, in this order. They add what they did to
// `measures`.
//
// All capabilities, also those that root would have again after exec; no_new_privs.
void drop_privileges(Measures& measures);
// Landlock: reads and executes the system's folders and `readable`, writes only `folder`,
// `writable`, /dev/shm and terminals if they are the jail's own, and harmless devices; signals no
// process outside.
void confine_files(const Settings& settings, const std::string& folder, const Mounts& mounts,
                   Measures& measures);
// Seccomp: sockets of the family UNIX only, unless the network is left; no io_uring, whose requests
// are not filtered; no input put into terminals; no tracing of other processes; no keyrings.
void filter_system_calls(const Settings& settings, Measures& measures);

} // namespace pep554::jail
