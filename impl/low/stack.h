// The C stack of this thread, which code run in other interpreters shares: exception objects,
// destructors and exit callbacks may begin another run or end where no frame of Python's counts.
#pragma once

namespace pep554 {

// Whether there is room for entering, making or ending another interpreter; false with a
// RecursionError. Needs a GIL.
bool check_stack();

} // namespace pep554
