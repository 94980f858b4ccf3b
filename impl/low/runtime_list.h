/* The runtime's list of interpreters, where its public functions can only read it. In C, because
 * CPython's internal headers are not C++. Two needs justify reaching in there, both about a 3.11
 * that otherwise aborts or hangs: see each function. Both leave the interpreter's memory as it is.
 */
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Takes one interpreter off the list; no effect if it is not there. For one that still executes
 * when the process exits: the runtime aborts ("remaining subinterpreters") over any it finds. Needs
 * the GIL. */
void pep554_unlist(PyInterpreterState* interp);

/* Takes all but the main one off the list. For the child of a fork, in its only thread, before the
 * runtime's own fork handling, which deadlocks over the second interpreter it finds. */
void pep554_unlist_all_but_main(void);

#ifdef __cplusplus
}
#endif
