// Ends what a program leaves behind. The host is the subreaper of everything it forked, so a
// process that daemonized is the host's child as soon as its parents are gone.
#pragma once

#include <cstddef>
#include <string>

#include <sys/types.h>

namespace pep554::host {

// Makes this process the subreaper. Once, before the first program.
void become_subreaper();

// Kills and reaps the process group of `program`, whose own process has ended and is not yet
// reaped, and every other child of this process. Returns how many were alive until then.
size_t reap_all(pid_t program);

} // namespace pep554::host
