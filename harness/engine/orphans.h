// Kills orphans: processes that lose their parent become children of the nearest subreaper, which
// this process is. When a host is killed whose program has made itself a daemon, the daemon is such
// an orphan. All functions may be called from several threads at once.
#pragma once

#include <functional>

#include <sys/types.h>

namespace pep554 {

// Orphans of what is started from now on come to this process. Children that it has already (one
// may be inherited through exec) are not orphans. Without this call end_orphans does nothing.
void adopt_orphans();

// Calls `spawn`, which starts one child and answers with its number, or -1; no sweep happens
// meanwhile, and the child is known from then on.
pid_t start_known(const std::function<pid_t()>& spawn);
// The child was waited for.
void forget_known(pid_t child);

// Stops, then kills all children that this process did not start, and their children, until there
// are none (kill_descendants in harness/isolation/process_tree.h).
void end_orphans();
// The same with those that were started here, each with its process group: nothing is left but
// what adopt_orphans spared. Calls `after` with the number of each that was started here, which may
// soon be another's, and ends this process at once with `status`. Threads that wait for one of them
// find it gone, and then wait for ever in forget_known: no one reports the interrupted ones.
[[noreturn]] void exit_with_children(int status, const std::function<void(pid_t)>& after);

} // namespace pep554
