// Restores process state that a runtime may have changed while it started: SIGCHLD must have its
// default action, so that the host can wait for programs; descriptors 0, 1 and 2 must be open, so
// that no descriptor of a program gets these numbers.
#pragma once

namespace pep554::host {

// Called in the host, after the runtime has started. Main thread.
void set_up_process();

// Called in the process of a program: restores SIGCHLD as the runtime left it.
void restore_signals();

} // namespace pep554::host
