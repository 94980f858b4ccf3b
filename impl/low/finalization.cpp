// See finalization.h.
#include "impl/low/finalization.h"

#include "impl/common/version.h"
#include "impl/low/gate.h"
#include "impl/low/runtime_access.h"
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
  Ref module(name ? in_python([&] { return PyImport_GetModule(name.get()); }) : nullptr);
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
  const Ref ident(thread ? in_python([&] { return PyObject_GetAttrString(thread.get(), "ident"); })
                         : nullptr);
  const bool same = !ident || PyLong_AsUnsignedLong(ident.get()) == PyThread_get_thread_ident();
  PyErr_Clear();
  return !same;
}

// threading's shutdown waits for its main thread object as for any other thread, unless called in
// that very thread. So that object ends first; nothing else would ever end it.
static void end_main_thread_object(const Session& session) {
  if (!has_other_main_thread())
    return;
  call_on_delete(session.state());
  if (auto* first = pep554_other_state(session.state()->interp, session.state()))
    call_on_delete(first);
}

static PyObject* do_nothing(PyObject*, PyObject*) {
  Py_RETURN_NONE;
}

static PyMethodDef do_nothing_def = {"_shutdown", do_nothing, METH_NOARGS, nullptr};

// Py_EndInterpreter calls threading's again, and some versions then fail, or call what others have
// registered with it a second time.
static void forget_threading_shutdown() {
  const Ref threading = imported("threading");
  const Ref nothing(threading ? PyCFunction_New(&do_nothing_def, nullptr) : nullptr);
  const auto set = [&] {
    return PyObject_SetAttrString(threading.get(), "_shutdown", nothing.get());
  };
  if (nothing && in_python(set) < 0)
    report_unraisable(threading.get()); // GCOVR_EXCL_LINE: only without memory
}

static void call_exit_callbacks() {
  call_if_imported("threading", "_shutdown");
  call_if_imported("atexit", "_run_exitfuncs");
}

// Frees the thread states but the session's: at most the one that the interpreter was made with.
static void free_other_states(const Session& session) {
  while (auto* other = pep554_other_state(session.state()->interp, session.state())) {
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

// Py_EndInterpreter is a fatal error for the process where there is a thread, also one that an exit
// callback has left behind. Where callbacks may do so they are called before it, in its order,
// while one can still refuse.
bool finalize(PyInterpreterState* interp, int64_t id, Record& record) {
  if (pep554_look(id, nullptr).threads > 0)
    return refuse_threads(id);
  Session session(interp, record.created ? &record.parked : nullptr);
  if (!session)
    return false;
  session.allow_depth();
  end_main_thread_object(session);
  call_exit_callbacks();
  // Or one that is started on the way, by a destructor or whatever is called there, would be that
  // fatal error, or run on freed memory.
  const int could = pep554_let_start_threads(interp, 0);
  if (pep554_look(id, session.state()).threads > 0) {
    pep554_let_start_threads(interp, could);
    session.leave();
    return refuse_threads(id);
  }
  const Change change;
  if (!change) {
    pep554_let_start_threads(interp, could);
    session.leave();
    PyErr_Format(PyExc_RuntimeError, "interpreter %lld is not destroyed while the process %s",
                 static_cast<long long>(id), change.refusal());
    return false;
  }
  Registry::instance().set_ending(id);
  forget_threading_shutdown();
  record.code.clear();
  free_other_states(session);
  session.end_interpreter();
  return true;
}

} // namespace pep554
