// No network for what programs run.
#pragma once

namespace pep554::host {

// Refuses, with EACCES, sockets that reach beyond the machine, in this process and all that come
// from it, by a filter of system calls; root is not needed. False where the kernel allows no
// filter, or when the environment says PEP554_NETWORK=on. Before the plugin is loaded.
bool shut_network();

} // namespace pep554::host
