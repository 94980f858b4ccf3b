// Which children this process has, and which of them it started itself. Processes that lose their
// parent come to the nearest ancestor that asked for them: when a host is killed while something
// that it ran has made itself a daemon, that is this process, and such an orphan is ended. All
// functions may be called from several threads at once.
#pragma once

#include <functional>

#include <sys/types.h>

namespace pep554 {

// Orphans of what is started from now on come to this process. Children that it has already (one
// may be inherited through exec) are nobody's orphans. Without this call end_orphans does nothing.
void adopt_orphans();

// Calls `spawn`, which starts one child and answers with its number, or -1; no sweep happens
// meanwhile, and the child is known from then on.
pid_t start_known(const std::function<pid_t()>& spawn);
// The child was waited for.
void forget_known(pid_t child);

// Kills all children that nobody here started, and theirs, until there are none.
void end_orphans();
// The same with those that were started here, each with its process group: nothing is left but
// what adopt_orphans spared. Calls `after` with the number of each that was started here, which may
// soon be another's, and ends this process at once with `status`. Threads that wait for one of them
// find it gone, and then wait for ever in forget_known: nobody reports what was broken off.
[[noreturn]] void exit_with_children(int status, const std::function<void(pid_t)>& after);

} // namespace pep554
