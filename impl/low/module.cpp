// The extension module _interpreters: the operations on interpreters, named by their ids.
#include "impl/common/method.h"
#include "impl/common/version.h"
#include "impl/low/failure.h"
#include "impl/low/lifecycle.h"
#include "impl/low/lookup.h"
#include "impl/low/process_hooks.h"
#include "impl/low/registry.h"
#include "impl/low/runtime_access.h"
#include "impl/low/script.h"
#include "impl/low/session.h"

namespace pep554 {

struct ModuleState {
  PyObject* run_failed_error;
};

static ModuleState* state_of(PyObject* module) {
  return static_cast<ModuleState*>(PyModule_GetState(module));
}

static bool parse_id(PyObject* const* args, Py_ssize_t positional, PyObject* keywords,
                     const char* format, int64_t* id) {
  static const char* names[] = {"id", nullptr};
  PyObject* object = nullptr;
  return parse<1>(args, positional, keywords, format, names, &object) && convert_id(object, id);
}

static PyObject* enumerate(PyObject*, PyObject*) {
  const auto ids = all_ids();
  Ref list(PyList_New(0));
  for (size_t i = 0; list && i < ids.size(); ++i) {
    const Ref id(PyLong_FromLongLong(ids[i]));
    if (!id || PyList_Append(list.get(), id.get()) < 0)
      return nullptr; // GCOVR_EXCL_LINE: only without memory
  }
  return list.release();
}

static PyObject* get_current(PyObject*, PyObject*) {
  return PyLong_FromLongLong(current_id());
}

static PyObject* get_main(PyObject*, PyObject*) {
  return PyLong_FromLongLong(main_id());
}

static PyObject* create(PyObject*, PyObject*) {
  const int64_t id = create_interpreter();
  return id < 0 ? nullptr : PyLong_FromLongLong(id);
}

static PyObject* is_running(PyObject*, PyObject* const* args, Py_ssize_t positional,
                            PyObject* keywords) {
  int64_t id = 0;
  if (!parse_id(args, positional, keywords, "O:is_running", &id))
    return nullptr;
  const int running = ask_running(id);
  return running >= 0 ? PyBool_FromLong(running) : nullptr;
}

static PyObject* destroy(PyObject*, PyObject* const* args, Py_ssize_t positional,
                         PyObject* keywords) {
  int64_t id = 0;
  if (!parse_id(args, positional, keywords, "O:destroy", &id) || !destroy_interpreter(id))
    return nullptr;
  Py_RETURN_NONE;
}

// The current interpreter runs its main program, for the life of this object: so other modules see
// it. False where another one says so of it already.
class Mark {
public:
  explicit Mark(int64_t id)
      : set_(id == main_id() || pep554_set_running() == 0), ours_(set_ && id != main_id()) {}
  Mark(const Mark&) = delete;
  Mark& operator=(const Mark&) = delete;
  ~Mark() { unset(); }
  explicit operator bool() const { return set_; }
  void unset() {
    if (std::exchange(ours_, false))
      pep554_unset_running();
  }

private:
  bool set_;
  bool ours_;
};

// The session is over before the failure is raised: that happens in the caller.
static bool run_in(PyObject* module, PyInterpreterState* interp, const Source& source,
                   Record& record) {
  const int64_t id = PyInterpreterState_GetID(interp);
  Session session(interp, record.created ? &record.parked : nullptr);
  if (!session)
    return false;
  Mark mark(id);
  if (!mark) {
    PyErr_Clear();
    session.leave();
    raise_busy(id);
    return false;
  }
  if (execute(source, id, record.created ? &record.code : nullptr))
    return true;
  session.allow_depth();
  const auto failure = take_failure();
  mark.unset();
  session.leave();
  raise_failure(state_of(module)->run_failed_error, failure);
  return false;
}

static PyObject* run(PyObject* module, PyObject* const* args, Py_ssize_t positional,
                     PyObject* keywords) {
  static const char* names[] = {"id", "code", nullptr};
  int64_t id = 0;
  PyObject* object = nullptr;
  PyObject* code = nullptr;
  if (!parse<2>(args, positional, keywords, "OO:run", names, &object, &code) ||
      !convert_id(object, &id))
    return nullptr;
  const Source source = source_text(code);
  if (source.text == nullptr)
    return nullptr;
  const Claim claim(id, current_id());
  if (!claim) {
    raise_busy(id);
    return nullptr;
  }
  auto* interp = find_idle(id);
  if (interp == nullptr || !run_in(module, interp, source, claim.record()))
    return nullptr;
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"enumerate", guarded<enumerate>, METH_NOARGS,
     "enumerate()\n--\n\nReturn a list of the IDs of all existing interpreters."},
    {"get_current", guarded<get_current>, METH_NOARGS,
     "get_current()\n--\n\nReturn the ID of the currently running interpreter."},
    {"get_main", guarded<get_main>, METH_NOARGS,
     "get_main()\n--\n\nReturn the ID of the main interpreter."},
    {"create", guarded<create>, METH_NOARGS,
     "create()\n--\n\nInitialize a new Python interpreter and return its ID.\n\n"
     "It is created in the current thread and remains idle until something is run in it."},
    {"is_running", as_method(guarded<is_running>), METH_FASTCALL | METH_KEYWORDS,
     "is_running(id)\n--\n\nReturn whether or not the interpreter is currently running."},
    {"destroy", as_method(guarded<destroy>), METH_FASTCALL | METH_KEYWORDS,
     "destroy(id)\n--\n\nFinalize and destroy the interpreter."},
    {"run", as_method(guarded<run>), METH_FASTCALL | METH_KEYWORDS,
     "run(id, code)\n--\n\n"
     "Run the provided Python source text in the interpreter, in the current OS thread.\n\n"
     "An exception that it does not catch becomes a RunFailedError here."},
    {nullptr, nullptr, 0, nullptr}};

static int execute_module(PyObject* module) {
  if (!install_process_hooks())
    return -1;
  Ref error = make_run_failed_error();
  if (!error || PyModule_AddObjectRef(module, "RunFailedError", error.get()) < 0)
    return -1; // GCOVR_EXCL_LINE: only without memory
  state_of(module)->run_failed_error = error.release();
  return 0;
}

static int traverse_module(PyObject* module, visitproc visit, void* arg) {
  Py_VISIT(state_of(module)->run_failed_error);
  return 0;
}

static int clear_module(PyObject* module) {
  Py_CLEAR(state_of(module)->run_failed_error);
  return 0;
}

static void free_module(void* module) {
  clear_module(static_cast<PyObject*>(module));
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, reinterpret_cast<void*>(execute_module)},
                                   PEP554_MODULE_SLOTS{0, nullptr}};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, PEP554_LOW_NAME, "Low-level access to the interpreters of this process.",
    sizeof(ModuleState),   methods,         slots,
    traverse_module,       clear_module,    free_module};

} // namespace pep554

// The name is CPython's. NOLINTNEXTLINE(bugprone-reserved-identifier)
PyMODINIT_FUNC PEP554_LOW_INIT() {
  return PyModuleDef_Init(&pep554::definition);
}
