/* See runtime_access.h. The only file that knows CPython's internal structures. */
#define Py_BUILD_CORE 1
#define Py_BUILD_CORE_MODULE 1
#include "impl/low/runtime_access.h"

#include <internal/pycore_interp.h>
#include <internal/pycore_runtime.h>

void pep554_set_gilstate(PyThreadState* state) {
  PyThread_tss_set(&_PyRuntime.gilstate.autoTSSkey, state);
}

void pep554_unlist(PyInterpreterState* interp) {
  struct pyinterpreters* list = &_PyRuntime.interpreters;
  PyThread_acquire_lock(list->mutex, WAIT_LOCK);
  PyInterpreterState** link = &list->head;
  while (*link != NULL && *link != interp)
    link = &(*link)->next;
  if (*link != NULL)
    *link = interp->next;
  PyThread_release_lock(list->mutex);
}

/* No lock: at this moment of a fork it may be held by a thread that does not exist here. */
void pep554_unlist_all_but_main(void) {
  struct pyinterpreters* list = &_PyRuntime.interpreters;
  list->head = list->main;
  list->main->next = NULL;
}
