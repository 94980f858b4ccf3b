/* Access to internals of the runtime without public functions: its list of interpreters and
 * their thread states, each read under the runtime's own lock, and the thread state that it takes
 * for that of an OS thread. In C, because CPython's internal headers are not C++. Functions that
 * change something say which abort or hang they are there for. Threads: any; no GIL is needed
 * unless said. */
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An interpreter as it was at one moment. The pointer stays valid until the interpreter is
 * destroyed. */
typedef struct {
  PyInterpreterState* interp; /* null: there is none */
  int running;                /* somebody executes code in it, as far as the runtime knows */
  int threads;                /* thread states but the first one and the one to be left out */
} pep554_view;

/* The state of the interpreter with this id. The main one is running while any thread has a frame
 * in it, another one while its first thread state (in which users of the C API run code) has, or,
 * from 3.12 on, while it is marked so. `left_out` is a thread state that is not counted, or null.
 */
pep554_view pep554_look(int64_t id, const PyThreadState* left_out);

/* The ids of all interpreters, newest first: at most `size` of them are written to `ids`; the
 * number there is. */
size_t pep554_list(int64_t* ids, size_t size);

/* The id that the next interpreter of the process will have. */
int64_t pep554_next_id(void);

/* A thread state of `interp` other than `own`, or null. Needs the GIL of `interp`. */
PyThreadState* pep554_other_state(PyInterpreterState* interp, const PyThreadState* own);

/* Marks the current interpreter as running its main program, so that other modules refuse to
 * interfere; before 3.12 there is no such mark. 0, or -1 with an exception where it is marked. */
int pep554_set_running(void);
void pep554_unset_running(void);

/* Whether code in this interpreter may start threads: to do so is a RuntimeError otherwise. What it
 * was before. Needs its GIL. */
int pep554_let_start_threads(PyInterpreterState* interp, int may);

/* Takes an idle thread state off its interpreter's list, and puts it back; the other modules and
 * the runtime itself take more than one thread state for a sign of threads, and abort. Once back it
 * is one of the calling OS thread; `same`: as it was before. */
void pep554_park(PyThreadState* state);
void pep554_unpark(PyThreadState* state, int same);

/* Forgets what code has left in the current thread state: threading.local, context, hooks, trace
 * functions. False where something is left that cannot be, the state is to be deleted then. */
int pep554_scrub(PyThreadState* state);

/* The thread state that PyGILState_Ensure finds in this OS thread. Before 3.12 it would otherwise
 * find that of the interpreter that came first, and wait forever for the GIL, which this thread
 * holds: so do callbacks of ctypes, and the runtime's own dump of an object. Later ones see to it
 * themselves. */
void pep554_set_gilstate(PyThreadState* state);

/* Exit callbacks are called newest first. Together these have the newest one called after all the
 * others that the current interpreter has: the first where it was just registered, for the runtimes
 * (3.14 on) that do not look at their list again once they call them; the second, for the others,
 * when it is called. `function`: its C function. Exceptions are reported as the runtime does. */
void pep554_move_exit_callback_to_end(PyCFunction function);
void pep554_call_older_exit_callbacks(PyCFunction function);

/* Has every thread of this interpreter, whose GIL the caller keeps for good, stop where it next
 * asks for that GIL. From 3.14 on the runtime, when it finalizes, says so to those of the main one
 * only: another one's that has not begun yet would begin when all is over, and abort. */
void pep554_stop_threads(PyInterpreterState* interp);

/* Takes one interpreter off the list; no effect if it is not there. For one that still executes
 * when the process exits: the runtime aborts ("remaining subinterpreters") over any it finds. Its
 * memory stays as it is, since its threads may be using it. */
void pep554_unlist(PyInterpreterState* interp);

/* Takes all but the main one off the list. For the child of a fork, in its only thread, before the
 * runtime's own fork handling, which deadlocks over the second interpreter it finds. */
void pep554_unlist_all_but_main(void);

#ifdef __cplusplus
}
#endif
