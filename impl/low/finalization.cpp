// See finalization.h.
#include "impl/low/finalization.h"

#include "impl/common/version.h"
#include "impl/low/lookup.h"
#include "impl/low/session.h"

namespace pep554 {

static void report_unraisable(PyObject* where) {
  in_python([where] { PyErr_WriteUnraisable(where); });
}

static Ref call_method(const Ref& object, const char* name) {
  return Ref(in_python([&] { return PyObject_CallMethod(object.get(), name, nullptr); }));
}

// Empty, without an error, where the current interpreter has not imported it.
static Ref imported(const char* module_name) {
  const Ref name(PyUnicode_FromString(module_name));
  Ref module(name ? PyImport_GetModule(name.get()) : nullptr);
  if (!module)
    PyErr_Clear();
  return module;
}

static void call_if_imported(const char* module_name, const char* function) {
  const Ref module = imported(module_name);
  if (module && !call_method(module, function))
    report_unraisable(module.get());
}

// Whether `threading` was first imported there in another OS thread than this one.
static bool has_other_main_thread() {
  const Ref threading = imported("threading");
  const Ref thread = threading ? call_method(threading, "main_thread") : Ref();
  const Ref ident(thread ? PyObject_GetAttrString(thread.get(), "ident") : nullptr);
  const bool same = !ident || PyLong_AsUnsignedLong(ident.get()) == PyThread_get_thread_ident();
  PyErr_Clear();
  return !same;
}

// threading's shutdown waits for its main thread object as for any other thread, unless called in
// that very thread. So that object ends first; nothing else would ever end it.
static void call_exit_callbacks(const Session& session) {
  auto* first = oldest_thread(session.state()->interp, session.state());
  if (first != nullptr && has_other_main_thread())
    call_on_delete(first);
  call_if_imported("threading", "_shutdown");
  call_if_imported("atexit", "_run_exitfuncs");
}

// Frees the thread states but the session's: at most the one that the interpreter was made with.
static void free_other_states(const Session& session) {
  while (auto* other = oldest_thread(session.state()->interp, session.state())) {
    pass_on_delete(other, session.state());
    in_python([&] { PyThreadState_Clear(other); });
    PyThreadState_Delete(other);
  }
}

static bool refuse_threads(int64_t id) {
  PyErr_Format(PyExc_RuntimeError, "interpreter %lld still has threads",
               static_cast<long long>(id));
  return false;
}

// Py_EndInterpreter is a fatal error for the process if an exit callback has left a thread behind.
// So the callbacks are called before it, in its order, while one can still refuse.
bool finalize(PyInterpreterState* interp, int64_t id) {
  if (count_threads(interp, nullptr) > 1)
    return refuse_threads(id);
  Session session(interp);
  if (!session)
    return false;
  call_exit_callbacks(session);
  if (count_threads(interp, session.state()) > 1) {
    session.leave();
    return refuse_threads(id);
  }
  forbid_new_threads();
  free_other_states(session);
  session.end_interpreter();
  return true;
}

} // namespace pep554
