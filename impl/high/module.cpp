// The extension module interpreters: what PEP 554 proposes, by means of _interpreters.
#include "impl/common/method.h"
#include "impl/common/version.h"
#include "impl/high/interpreter_type.h"

namespace pep554 {

ModuleState* state_of(PyObject* module) {
  return static_cast<ModuleState*>(PyModule_GetState(module));
}

// As an attribute is found, but for the detours.
static Ref find_low(const ModuleState* state, Function function) {
  PyObject* name = state->names[function];
  if (PyModule_CheckExact(state->low))
    if (PyObject* found =
            in_python([&] { return PyDict_GetItemWithError(PyModule_GetDict(state->low), name); }))
      return Ref::borrowed(found);
  PyErr_Clear();
  return Ref(in_python([&] { return PyObject_GetAttr(state->low, name); }));
}

PyObject* call_low(const ModuleState* state, Function function, PyObject* first, PyObject* second) {
  if (state->low == nullptr) { // code may still run when finalization has cleared the module
    PyErr_SetString(PyExc_RuntimeError, "the module interpreters has been finalized");
    return nullptr;
  }
  const Ref callee = find_low(state, function);
  if (!callee)
    return nullptr;
  PyObject* args[] = {first, second};
  const size_t count = second != nullptr ? 2 : first != nullptr ? 1 : 0;
  return in_python([&] { return PyObject_Vectorcall(callee.get(), args, count, nullptr); });
}

static PyObject* enumerate(PyObject* module, PyObject*) {
  const auto* state = state_of(module);
  Ref list(call_low(state, kEnumerate));
  if (list && !PyList_CheckExact(list.get()))
    return PyErr_Format(PyExc_TypeError, "the low-level enumerate() returned no list");
  for (Py_ssize_t i = 0; list && i < PyList_GET_SIZE(list.get()); ++i) {
    PyObject* interpreter = wrap_id(state, PyList_GET_ITEM(list.get(), i));
    if (interpreter == nullptr || PyList_SetItem(list.get(), i, interpreter) < 0)
      return nullptr; // GCOVR_EXCL_LINE: only without memory
  }
  return list.release();
}

template <Function function>
static PyObject* wrapped(PyObject* module, PyObject*) {
  const auto* state = state_of(module);
  const Ref id(call_low(state, function));
  return wrap_id(state, id.get());
}

static PyMethodDef methods[] = {
    {"enumerate", enumerate, METH_NOARGS,
     "enumerate()\n--\n\nReturn a list of all existing interpreters."},
    {"get_current", wrapped<kGetCurrent>, METH_NOARGS,
     "get_current()\n--\n\nReturn the currently running interpreter."},
    {"get_main", wrapped<kGetMain>, METH_NOARGS, "get_main()\n--\n\nReturn the main interpreter."},
    {"create", wrapped<kCreate>, METH_NOARGS,
     "create()\n--\n\nInitialize a new Python interpreter and return it.\n\n"
     "The interpreter is created in the current thread and remains idle until something is run\n"
     "in it."},
    {nullptr, nullptr, 0, nullptr}};

static bool add_names(PyObject* module) {
  const auto* state = state_of(module);
  const Ref error(in_python([&] { return PyObject_GetAttrString(state->low, "RunFailedError"); }));
  const Ref names(Py_BuildValue("[ssssss]", "enumerate", "get_current", "get_main", "create",
                                "Interpreter", "RunFailedError"));
  return error && names &&
         PyModule_AddObjectRef(module, "Interpreter", state->interpreter_type) == 0 &&
         PyModule_AddObjectRef(module, "RunFailedError", error.get()) == 0 &&
         PyModule_AddObjectRef(module, "__all__", names.get()) == 0;
}

static bool intern_names(ModuleState* state) {
  static constexpr const char* kAll[kNames] = {"enumerate",  "get_current", "get_main", "create",
                                               "is_running", "destroy",     "run"};
  for (int i = 0; i < kNames; ++i)
    if ((state->names[i] = PyUnicode_InternFromString(kAll[i])) == nullptr)
      return false; // GCOVR_EXCL_LINE: only without memory
  return true;
}

static int execute_module(PyObject* module) {
  auto* state = state_of(module);
  if (!intern_names(state))
    return -1; // GCOVR_EXCL_LINE: only without memory
  state->low = in_python([] { return PyImport_ImportModule(PEP554_LOW_NAME); });
  state->interpreter_type = state->low ? make_interpreter_type(module).release() : nullptr;
  return state->interpreter_type != nullptr && add_names(module) ? 0 : -1;
}

static int traverse_module(PyObject* module, visitproc visit, void* arg) {
  Py_VISIT(state_of(module)->low);
  Py_VISIT(state_of(module)->interpreter_type);
  return 0;
}

static int clear_module(PyObject* module) {
  Py_CLEAR(state_of(module)->low);
  Py_CLEAR(state_of(module)->interpreter_type);
  for (PyObject*& name : state_of(module)->names)
    Py_CLEAR(name);
  return 0;
}

static void free_module(void* module) {
  clear_module(static_cast<PyObject*>(module));
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, reinterpret_cast<void*>(execute_module)},
                                   PEP554_MODULE_SLOTS{0, nullptr}};

PyModuleDef interpreters_definition = {
    PyModuleDef_HEAD_INIT, "interpreters", "Python interpreters in this process, as in PEP 554.",
    sizeof(ModuleState),   methods,        slots,
    traverse_module,       clear_module,   free_module};

} // namespace pep554

PyMODINIT_FUNC PyInit_interpreters() {
  return PyModuleDef_Init(&pep554::interpreters_definition);
}
