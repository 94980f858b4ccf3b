// Removes the folder that a killed host left.
#pragma once

#include <sys/types.h>

namespace pep554 {

// The private folder of a host, pep554-host-PID-XXXXXX (harness/host/PROTOCOL.md), or of a jail,
// pep554-jail-PID-XXXXXX, that is gone.
void remove_folder_of(pid_t host);

} // namespace pep554
