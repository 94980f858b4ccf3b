/* The few things of the runtime that its public functions do not let us change: its list of
 * interpreters, and the thread state that it takes for that of an OS thread. In C, because
 * CPython's internal headers are not C++. Each function says which abort or hang of 3.11 it is
 * there for. */
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The thread state that PyGILState_Ensure finds in this OS thread. It would otherwise find that of
 * the interpreter that came first, and wait forever for the GIL, which this thread holds: so do
 * callbacks of ctypes, and the runtime's own dump of an object. */
void pep554_set_gilstate(PyThreadState* state);

/* Takes one interpreter off the list; no effect if it is not there. For one that still executes
 * when the process exits: the runtime aborts ("remaining subinterpreters") over any it finds. Its
 * memory stays as it is, since its threads may be using it. Needs the GIL. */
void pep554_unlist(PyInterpreterState* interp);

/* Takes all but the main one off the list. For the child of a fork, in its only thread, before the
 * runtime's own fork handling, which deadlocks over the second interpreter it finds. */
void pep554_unlist_all_but_main(void);

#ifdef __cplusplus
}
#endif
