// What the host needs of its own process, and what a runtime may have changed while it started:
// SIGCHLD must be neither caught nor ignored, or somebody else hears how programs end; descriptors
// 0, 1 and 2 must be open, or those of a program get their numbers.
#pragma once

namespace pep554::host {

// In the host, once the runtime was started. Main thread.
void secure_standing();

// In the process of a program: SIGCHLD as the runtime left it.
void restore_signals();

} // namespace pep554::host
