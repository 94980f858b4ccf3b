// Namespaces of a jail, and what is mounted there.
#pragma once

#include <string>
#include <string_view>

#include <sys/types.h>

#include "harness/jail/settings.h"

namespace pep554::jail {

// Gets the privileges that namespaces need: root has them, others in a user namespace with
// unchanged ids. Where the kernel refuses that, each namespace says why it is missing.
void enter_user_namespace();

// Whether each pid namespace has a limit of tasks of its own (kernel.pid_max), by the kernel's
// release, e.g. "6.1.0-35-amd64": from Linux 6.14 on. Before, it is the whole system's, and must
// not be written.
bool has_own_task_limit(std::string_view release);

// As fork; the child is the first process of a new pid namespace. -1, and errno set, where the
// kernel refuses that.
pid_t fork_into_pid_namespace();

// What the first process of the jail does: namespaces of mounts, IPC and, unless it is left, of the
// network. Everything that is mounted becomes read-only, but for what `settings` lets be written.
// Mounts an own /dev/pts, an own /dev/shm, unless the command needs what is in the system's, and a
// private file system of limited size at `folder`.
struct Mounts {
  bool shm = false;
  bool terminals = false;   // /dev/pts and /dev/ptmx are the jail's own
  std::string missing_proc; // why there is no /proc of the new pid namespace
};
Mounts separate(const Settings& settings, const std::string& folder, bool new_pids,
                Measures& measures);

} // namespace pep554::jail
