/* See runtime_access.h. The only file that knows CPython's internal structures. */
#define Py_BUILD_CORE 1
#define Py_BUILD_CORE_MODULE 1
#include "impl/low/runtime_access.h"

#include <internal/pycore_interp.h>
#include <internal/pycore_pystate.h>
#include <internal/pycore_runtime.h>
#include <sched.h>
#include <semaphore.h>
#include <unistd.h>

/* As CPython's own thread_pthread.h decides. */
#if defined(_POSIX_SEMAPHORES) && !defined(HAVE_BROKEN_POSIX_SEMAPHORES)
#if defined(HAVE_SEM_TIMEDWAIT) || defined(HAVE_SEM_CLOCKWAIT)
#define LOCKS_ARE_SEMAPHORES 1
#endif
#endif

/* CPython's function for its earlier locks reads the clock first, even to try: a third of the time
 * of is_running(). */
static int try_lock_lists(void) {
#if PY_VERSION_HEX >= 0x030D0000
  uint8_t unlocked = 0;
  return _Py_atomic_compare_exchange_uint8(&_PyRuntime.interpreters.mutex._bits, &unlocked, 1);
#elif defined(LOCKS_ARE_SEMAPHORES)
  return sem_trywait((sem_t*)_PyRuntime.interpreters.mutex) == 0;
#else
  return PyThread_acquire_lock(_PyRuntime.interpreters.mutex, NOWAIT_LOCK);
#endif
}

/* The runtime's lock of its lists. Waiting for it must not let go of the GIL: who takes that then
 * may be waiting for the lock. From 3.13 on the one function that promises so is not exported. */
static void lock_lists(void) {
#if PY_VERSION_HEX >= 0x030D0000
  while (!try_lock_lists())
    sched_yield();
#else
  if (!try_lock_lists())
    PyThread_acquire_lock(_PyRuntime.interpreters.mutex, WAIT_LOCK);
#endif
}

static void unlock_lists(void) {
#if PY_VERSION_HEX >= 0x030D0000
  PyMutex_Unlock(&_PyRuntime.interpreters.mutex);
#else
  PyThread_release_lock(_PyRuntime.interpreters.mutex);
#endif
}

static int has_frame(const PyThreadState* state) {
#if PY_VERSION_HEX >= 0x030F0000
  return state->current_frame != NULL && state->current_frame != state->base_frame;
#elif PY_VERSION_HEX >= 0x030D0000
  return state->current_frame != NULL;
#else
  return state->cframe->current_frame != NULL;
#endif
}

static int is_marked_running(PyInterpreterState* interp) {
#if PY_VERSION_HEX >= 0x030C0000
  return _PyInterpreterState_IsRunningMain(interp);
#else
  (void)interp;
  return 0;
#endif
}

static int is_first(const PyThreadState* state) {
  return state->id == 1;
}

static void look_at_threads(pep554_view* view, const PyThreadState* left_out) {
  const int is_main = view->interp == _PyRuntime.interpreters.main;
  for (PyThreadState* state = view->interp->threads.head; state != NULL; state = state->next) {
    if ((is_main || is_first(state)) && has_frame(state))
      view->running = 1;
    if (!is_first(state) && state != left_out)
      ++view->threads;
  }
}

pep554_view pep554_look(int64_t id, const PyThreadState* left_out) {
  pep554_view view = {NULL, 0, 0};
  lock_lists();
  PyInterpreterState* interp = _PyRuntime.interpreters.head;
  while (interp != NULL && interp->id != id)
    interp = interp->next;
  if (interp != NULL) {
    view.interp = interp;
    view.running = is_marked_running(interp);
    look_at_threads(&view, left_out);
  }
  unlock_lists();
  return view;
}

size_t pep554_list(int64_t* ids, size_t size) {
  size_t count = 0;
  lock_lists();
  for (PyInterpreterState* interp = _PyRuntime.interpreters.head; interp; interp = interp->next)
    if (count++ < size)
      ids[count - 1] = interp->id;
  unlock_lists();
  return count;
}

int64_t pep554_next_id(void) {
  lock_lists();
  const int64_t id = _PyRuntime.interpreters.next_id;
  unlock_lists();
  return id;
}

PyThreadState* pep554_other_state(PyInterpreterState* interp, const PyThreadState* own) {
  lock_lists();
  PyThreadState* state = interp->threads.head;
  if (state != NULL && state == own)
    state = state->next;
  unlock_lists();
  return state;
}

int pep554_set_running(void) {
#if PY_VERSION_HEX >= 0x030C0000
  return _PyInterpreterState_SetRunningMain(PyInterpreterState_Get());
#else
  return 0;
#endif
}

void pep554_unset_running(void) {
#if PY_VERSION_HEX >= 0x030C0000
  _PyInterpreterState_SetNotRunningMain(PyInterpreterState_Get());
#endif
}

int pep554_let_start_threads(PyInterpreterState* interp, int may) {
#if PY_VERSION_HEX >= 0x030C0000
  const int could = (interp->feature_flags & Py_RTFLAGS_THREADS) != 0;
  if (may)
    interp->feature_flags |= Py_RTFLAGS_THREADS;
  else
    interp->feature_flags &= ~Py_RTFLAGS_THREADS;
#else
  const int could = !interp->config._isolated_interpreter;
  interp->config._isolated_interpreter = !may;
#endif
  return could;
}

void pep554_park(PyThreadState* state) {
  lock_lists();
  if (state->prev != NULL)
    state->prev->next = state->next;
  else
    state->interp->threads.head = state->next;
  if (state->next != NULL)
    state->next->prev = state->prev;
  state->prev = state->next = NULL;
  unlock_lists();
}

/* Sets the fields that the runtime sets when it makes a thread state, or changes later. */
static void refresh(PyThreadState* state, int same) {
  if (!same) {
    state->thread_id = PyThread_get_thread_ident();
    state->native_thread_id = PyThread_get_thread_native_id();
#if PY_VERSION_HEX >= 0x030E0000
    ((_PyThreadStateImpl*)state)->c_stack_hard_limit = 0; /* of the other thread's stack */
#endif
  }
#if PY_VERSION_HEX >= 0x030D0000
  state->eval_breaker = state->interp->ceval.instrumentation_version;
#endif
}

void pep554_unpark(PyThreadState* state, int same) {
  refresh(state, same);
  lock_lists();
  state->next = state->interp->threads.head;
  if (state->next != NULL)
    state->next->prev = state;
  state->interp->threads.head = state;
  unlock_lists();
}

static void scrub_objects(PyThreadState* state) {
  Py_CLEAR(state->dict);
  Py_CLEAR(state->async_gen_firstiter);
  Py_CLEAR(state->async_gen_finalizer);
  if (state->context != NULL) {
    Py_CLEAR(state->context);
    ++state->context_ver; /* or variables would answer from their cache */
  }
  state->coroutine_origin_tracking_depth = 0;
}

static int is_clean(const PyThreadState* state) {
#if PY_VERSION_HEX >= 0x030D0000
  if (state->threading_local_key != NULL || state->threading_local_sentinel != NULL)
    return 0;
#endif
#if PY_VERSION_HEX >= 0x030D0000
  if (((const _PyThreadStateImpl*)state)->asyncio_running_loop != NULL)
    return 0;
#endif
  return state->dict == NULL && state->context == NULL && state->async_gen_firstiter == NULL &&
         state->async_gen_finalizer == NULL && state->async_exc == NULL &&
         state->c_profilefunc == NULL && state->c_tracefunc == NULL &&
         state->c_profileobj == NULL && state->c_traceobj == NULL && state->tracing == 0 &&
         state->exc_info == &state->exc_state && state->exc_state.exc_value == NULL &&
         !has_frame(state);
}

int pep554_scrub(PyThreadState* state) {
  scrub_objects(state);
  return is_clean(state);
}

void pep554_set_gilstate(PyThreadState* state) {
#if PY_VERSION_HEX >= 0x030C0000
  (void)state;
#else
  PyThread_tss_set(&_PyRuntime.gilstate.autoTSSkey, state);
#endif
}

static int is_function(PyObject* object, PyCFunction function) {
  return PyCFunction_Check(object) && PyCFunction_GET_FUNCTION(object) == function;
}

void pep554_move_exit_callback_to_end(PyCFunction function) {
#if PY_VERSION_HEX >= 0x030E0000
  PyObject* callbacks = PyInterpreterState_Get()->atexit.callbacks;
  if (PyList_GET_SIZE(callbacks) == 0)
    return;
  PyObject* newest = PyList_GET_ITEM(callbacks, 0);
  if (!is_function(PyTuple_GET_ITEM(newest, 0), function))
    return; /* what registers is not the runtime's own */
  if (PyList_Append(callbacks, newest) < 0 || PyList_SetSlice(callbacks, 0, 1, NULL) < 0)
    PyErr_Clear(); /* no memory: it is not moved */
#else
  (void)function;
#endif
}

#if PY_VERSION_HEX < 0x030E0000

#if PY_VERSION_HEX < 0x030C0000
typedef atexit_callback exit_callback;
#else
typedef atexit_py_callback exit_callback;
#endif

static int find_exit_callback(const struct atexit_state* all, PyCFunction function) {
  for (int i = all->ncallbacks - 1; i >= 0; --i) {
    const exit_callback* one = all->callbacks[i];
    if (one != NULL && is_function(one->func, function))
      return i;
  }
  return 0;
}

static void report_exit_callback(PyObject* func) {
#if PY_VERSION_HEX >= 0x030D0000
  PyErr_FormatUnraisable("Exception ignored in atexit callback %R", func);
#else
  _PyErr_WriteUnraisableMsg("in atexit callback", func);
#endif
}

static void call_exit_callback(const exit_callback* one) {
  PyObject* result = PyObject_Call(one->func, one->args, one->kwargs);
  if (result == NULL)
    report_exit_callback(one->func);
  Py_XDECREF(result);
}

static void free_exit_callback(exit_callback* one) {
  Py_DECREF(one->func);
  Py_DECREF(one->args);
  Py_XDECREF(one->kwargs);
  PyMem_Free(one);
}

#endif

void pep554_call_older_exit_callbacks(PyCFunction function) {
#if PY_VERSION_HEX < 0x030E0000
  struct atexit_state* all = &PyInterpreterState_Get()->atexit;
  for (int i = find_exit_callback(all, function) - 1; i >= 0 && i < all->ncallbacks; --i) {
    exit_callback* one = all->callbacks[i];
    if (one == NULL)
      continue;
    all->callbacks[i] = NULL; /* as if it were unregistered */
    call_exit_callback(one);
    free_exit_callback(one);
  }
#else
  (void)function;
#endif
}

void pep554_stop_threads(PyInterpreterState* interp) {
#if PY_VERSION_HEX >= 0x030E0000
  lock_lists();
  for (PyThreadState* state = interp->threads.head; state != NULL; state = state->next)
    _Py_atomic_store_int(&state->state, _Py_THREAD_SHUTTING_DOWN);
  unlock_lists();
#else
  (void)interp;
#endif
}

void pep554_unlist(PyInterpreterState* interp) {
  struct pyinterpreters* list = &_PyRuntime.interpreters;
  lock_lists();
  PyInterpreterState** link = &list->head;
  while (*link != NULL && *link != interp)
    link = &(*link)->next;
  if (*link != NULL)
    *link = interp->next;
  unlock_lists();
}

/* No lock: at this moment of a fork it may be held by a thread that does not exist here. */
void pep554_unlist_all_but_main(void) {
  struct pyinterpreters* list = &_PyRuntime.interpreters;
  list->head = list->main;
  list->main->next = NULL;
}
