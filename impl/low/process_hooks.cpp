// See process_hooks.h. On 3.11 a process that exits with a subinterpreter left aborts, and a child
// forked with one hangs before its first line of Python; both are prevented here.
#include "impl/low/process_hooks.h"

#include "impl/common/version.h"
#include "impl/low/gate.h"
#include "impl/low/lifecycle.h"
#include "impl/low/lookup.h"
#include "impl/low/registry.h"
#include "impl/low/runtime_access.h"
#include "impl/low/session.h"

#include <pthread.h>

#include <cstring>

namespace pep554 {

// Whether the runtime (not C code on its own account, which may go on using them) is about to fork
// in this thread.
static thread_local bool runtime_forks = false;
// Whether this is the child of a fork whose hooks have not run yet: code can call the hooks itself.
static thread_local bool is_new_child = false;

static void before_any_fork() {
  Registry::instance().lock_for_fork();
  lock_gate_for_fork();
}

static void in_any_parent() {
  unlock_gate_after_fork();
  Registry::instance().unlock_after_fork();
}

static void in_any_child() {
  unlock_gate_after_fork();
  Registry::instance().unlock_after_fork();
  is_new_child = true;
  if (runtime_forks)
    pep554_unlist_all_but_main();
}

static PyObject* before_fork(PyObject*, PyObject*) {
  halt_changes();
  runtime_forks = true;
  Py_RETURN_NONE;
}

static PyObject* after_fork_in_parent(PyObject*, PyObject*) {
  runtime_forks = false;
  resume_changes();
  Py_RETURN_NONE;
}

static PyObject* after_fork_in_child(PyObject*, PyObject*) {
  if (!std::exchange(is_new_child, false))
    Py_RETURN_NONE;
  runtime_forks = false;
  Registry::instance().forget_interpreters();
  reset_gate();
  Py_RETURN_NONE;
}

// After the others, which may be waiting for what executes in an interpreter: that will not go on.
static PyObject* at_exit(PyObject*, PyObject*) {
  in_python([] { pep554_call_older_exit_callbacks(at_exit); });
  destroy_leftovers();
  Py_RETURN_NONE;
}

static PyMethodDef at_exit_def = {"destroy_leftovers", at_exit, METH_NOARGS, nullptr};
static PyMethodDef before_def = {"before_fork", before_fork, METH_NOARGS, nullptr};
static PyMethodDef parent_def = {"after_fork_in_parent", after_fork_in_parent, METH_NOARGS,
                                 nullptr};
static PyMethodDef child_def = {"after_fork_in_child", after_fork_in_child, METH_NOARGS, nullptr};

// At the very end of the main interpreter, when it clears the dictionary that extensions have of
// it.
static bool install_last_resort() {
  static constexpr const char* kName = "pep554_interpreters.unlist_leftovers";
  static char anything;
  const Ref capsule(PyCapsule_New(&anything, kName, [](PyObject*) { unlist_leftovers(); }));
  PyObject* dict = PyInterpreterState_GetDict(PyInterpreterState_Get());
  return capsule && dict != nullptr && PyDict_SetItemString(dict, kName, capsule.get()) == 0;
}

// Calls module.function(*args, **kwargs) in the current interpreter. Takes both, null if not made.
static bool call(const char* module_name, const char* function_name, const Ref& args,
                 const Ref& kwargs) {
  const Ref module(in_python([&] { return PyImport_ImportModule(module_name); }));
  const Ref function(
      module ? in_python([&] { return PyObject_GetAttrString(module.get(), function_name); })
             : nullptr);
  if (!function || !args || !kwargs)
    return false;
  return static_cast<bool>(
      Ref(in_python([&] { return PyObject_Call(function.get(), args.get(), kwargs.get()); })));
}

static bool install_in_current() {
  const Ref at_exit_args(Py_BuildValue("(N)", PyCFunction_New(&at_exit_def, nullptr)));
  const Ref fork_kwargs(Py_BuildValue("{sNsNsN}", "before", PyCFunction_New(&before_def, nullptr),
                                      "after_in_parent", PyCFunction_New(&parent_def, nullptr),
                                      "after_in_child", PyCFunction_New(&child_def, nullptr)));
  if (!install_last_resort() || !call("atexit", "register", at_exit_args, Ref(PyDict_New())))
    return false;
  pep554_move_exit_callback_to_end(at_exit);
  return call("posix", "register_at_fork", Ref(PyTuple_New(0)), fork_kwargs);
}

// A child forked in another interpreter than the main one aborts in its first moment. From 3.12 on
// the runtime refuses such forks itself.
static bool refuse_forks_in_others() {
#if PY_VERSION_HEX < 0x030C0000
  const auto hook = [](const char* event, PyObject*, void*) {
    if ((std::strcmp(event, "os.fork") != 0 && std::strcmp(event, "os.forkpty") != 0) ||
        PyInterpreterState_Get() == PyInterpreterState_Main())
      return 0;
    PyErr_SetString(PyExc_RuntimeError,
                    "fork not supported in other interpreters than the main one");
    return -1;
  };
  return PySys_AddAuditHook(hook, nullptr) == 0;
#else
  return true;
#endif
}

// In the main interpreter, since only its callbacks are called early enough: later on a thread that
// waits for the GIL with a state of a subinterpreter is ended by the runtime, even this one.
static bool install_in_main() {
  auto* main_interp = PyInterpreterState_Main();
  if (PyInterpreterState_Get() == main_interp)
    return install_in_current();
  Session session(main_interp);
  if (!session)
    return false; // GCOVR_EXCL_LINE: only without memory
  session.allow_depth();
  const bool installed = install_in_current();
  if (!installed)
    in_python([] { PyErr_WriteUnraisable(nullptr); });
  return installed;
}

bool install_process_hooks() {
  if (Registry::instance().test_and_set_hooked())
    return true;
  static const int registered = pthread_atfork(before_any_fork, in_any_parent, in_any_child);
  if (registered == 0 && install_in_main() && refuse_forks_in_others()) {
    // An embedding program may initialize the runtime again: then everything begins anew.
    Py_AtExit([] {
      Registry::instance().reset();
      reset_gate();
    });
    return true;
  }
  Registry::instance().unset_hooked();
  if (!PyErr_Occurred())
    PyErr_SetString(PyExc_ImportError, "the hooks for fork and exit could not be installed");
  return false;
}

} // namespace pep554
