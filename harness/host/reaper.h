// Ends what a program leaves behind. The host is the subreaper of everything it forked, so a
// process that daemonized is the host's child as soon as its parents are gone.
#pragma once

#include <cstddef>
#include <string>

#include <sys/resource.h>
#include <sys/types.h>

namespace pep554::host {

// Makes this process the subreaper. Once, before the first program.
void become_subreaper();

struct Reaped {
  size_t killed = 0; // processes that were alive until then
  rusage used{};     // by the program's own process, and by those that it waited for
  bool all = true;   // none is left; else they start others faster than they can be killed
};

// Kills and reaps the process group of `program`, whose own process has ended and is not yet
// reaped, and every other child of this process. Gives up after a second.
Reaped reap_all(pid_t program);

// The processes that descend from this one, which all are a program's; it included. Stops counting
// beyond `most`.
size_t count_descendants(size_t most);

} // namespace pep554::host
