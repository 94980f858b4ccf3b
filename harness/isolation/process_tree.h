// The processes below one, from /proc. Only descendants are ever signalled.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <sys/types.h>

namespace pep554 {

// Children of every thread of a process, zombies too; none where there is no /proc.
std::vector<pid_t> children_of(pid_t process);

// Children, their children, and so on; the nearest first. Stops when there are more than `most`.
std::vector<pid_t> descendants_of(pid_t process, size_t most = SIZE_MAX);

// Stops all descendants of this process but those that `spared` names and what is below them, until
// none is left that could start another, and kills them. Reaps those that are or become children of
// this process, which has to be a subreaper to end daemons too. Answers how many it killed. Gives
// up after ten seconds of new ones.
size_t kill_descendants(const std::function<bool(pid_t)>& spared);

} // namespace pep554
