/* The bare C API: what somebody would write by hand without our modules, and so the floor of every
 * figure. From 3.12 on an interpreter is isolated and has a GIL of its own, as those of CPython's
 * own module are.
 *
 * An interpreter is named by its first thread state. Every function needs the caller's thread state
 * to be current, and leaves it current. */
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Null where none can be made, without an exception. */
PyThreadState* bare_create(void);

/* Compiles the source text and executes it in __main__. 0, or -1 if anything failed in there. */
int bare_run(PyThreadState* state, const char* source);

void bare_destroy(PyThreadState* state);

#ifdef __cplusplus
}
#endif
