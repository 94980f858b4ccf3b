// Ties this module to the life of the process: its exit and its forks.
#pragma once

namespace pep554 {

// Installs the hooks in the main interpreter, whichever interpreter this is called from; once per
// initialization of the runtime, later calls do nothing. False with an exception if it failed.
bool install_process_hooks();

} // namespace pep554
