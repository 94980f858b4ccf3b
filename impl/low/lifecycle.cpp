// See lifecycle.h.
#include "impl/low/lifecycle.h"

#include "impl/common/version.h"
#include "impl/low/lookup.h"
#include "impl/low/registry.h"
#include "impl/low/runtime_access.h"
#include "impl/low/session.h"

namespace pep554 {

int64_t create_interpreter() {
  if (Registry::instance().is_closed()) {
    PyErr_SetString(PyExc_RuntimeError, "cannot create an interpreter while the process exits");
    return -1;
  }
  PyThreadState* caller = PyThreadState_Get();
  // Its first thread state stays for its whole life: other users of the C API expect one to exist.
  const PyThreadState* first = in_python([] { return Py_NewInterpreter(); });
  const int64_t id = first != nullptr ? PyInterpreterState_GetID(first->interp) : -1;
  PyThreadState_Swap(caller);
  if (first != nullptr)
    Registry::instance().add_created(id);
  else if (!PyErr_Occurred()) // an audit hook that refuses has said why
    PyErr_NoMemory();         // GCOVR_EXCL_LINE: only without memory
  return id;
}

// Calls a function of a module of the current interpreter, if that has been imported; an exception
// is reported the way of those that nobody can catch.
static void call_if_imported(const char* module_name, const char* function) {
  const Ref name(PyUnicode_FromString(module_name));
  const Ref module(name ? PyImport_GetModule(name.get()) : nullptr);
  if (!module) {
    PyErr_Clear();
    return;
  }
  const Ref result(in_python([&] { return PyObject_CallMethod(module.get(), function, nullptr); }));
  if (!result)
    in_python([&] { PyErr_WriteUnraisable(module.get()); });
}

static bool refuse_threads(int64_t id) {
  PyErr_Format(PyExc_RuntimeError, "interpreter %lld still has threads",
               static_cast<long long>(id));
  return false;
}

// Frees the thread states but the session's: at most the one that the interpreter was made with.
static void free_other_states(const Session& session) {
  while (auto* other = oldest_thread(session.state()->interp, session.state())) {
    pass_on_delete(other, session.state());
    in_python([&] { PyThreadState_Clear(other); });
    PyThreadState_Delete(other);
  }
}

// Py_EndInterpreter is a fatal error for the process if an exit callback has left a thread behind;
// so the callbacks are called before, in its order, while one can still refuse.
static bool finalize(PyInterpreterState* interp, int64_t id) {
  if (count_threads(interp, nullptr) > 1)
    return refuse_threads(id);
  Session session(interp);
  if (!session)
    return false; // GCOVR_EXCL_LINE: only without memory
  call_if_imported("threading", "_shutdown");
  call_if_imported("atexit", "_run_exitfuncs");
  if (count_threads(interp, session.state()) > 1) {
    session.leave();
    return refuse_threads(id);
  }
  forbid_new_threads();
  free_other_states(session);
  session.end_interpreter();
  return true;
}

bool destroy_interpreter(int64_t id) {
  PyInterpreterState* interp = find_interpreter(id);
  if (interp == nullptr)
    return false;
  if (is_main(interp)) {
    PyErr_Format(PyExc_RuntimeError, "interpreter %lld is the main one and cannot be destroyed",
                 static_cast<long long>(id));
    return false;
  }
  const bool executing = is_executing(interp);
  const Claim claim(id, current_id());
  if (executing || !claim) {
    raise_busy(id);
    return false;
  }
  if (!finalize(interp, id))
    return false;
  Registry::instance().remove_created(id);
  return true;
}

void destroy_leftovers() {
  Registry::instance().close();
  for (const int64_t id : Registry::instance().created()) {
    if (destroy_interpreter(id))
      continue;
    PyErr_Clear();
    if (auto* interp = find_interpreter(id))
      pep554_unlist(interp);
    PyErr_Clear();
  }
}

} // namespace pep554
