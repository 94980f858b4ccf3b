/* See bare.h. */
#include "impl/bench/bare.h"

#if PY_VERSION_HEX >= 0x030C0000
static PyThreadState* new_interpreter(void) {
  const PyInterpreterConfig config = {
      .use_main_obmalloc = 0,
      .allow_fork = 0,
      .allow_exec = 0,
      .allow_threads = 1,
      .allow_daemon_threads = 0,
      .check_multi_interp_extensions = 1,
      .gil = PyInterpreterConfig_OWN_GIL,
  };
  PyThreadState* state = NULL;
  const PyStatus status = Py_NewInterpreterFromConfig(&state, &config);
  return PyStatus_Exception(status) ? NULL : state;
}
#else
static PyThreadState* new_interpreter(void) {
  return Py_NewInterpreter();
}
#endif

PyThreadState* bare_create(void) {
  PyThreadState* caller = PyThreadState_Get();
  PyThreadState* state = new_interpreter();
  PyThreadState_Swap(caller);
  return state;
}

static int execute(const char* source) {
  PyObject* code = Py_CompileString(source, "<bare>", Py_file_input);
  PyObject* module = code != NULL ? PyImport_AddModule("__main__") : NULL;
  PyObject* names = module != NULL ? PyModule_GetDict(module) : NULL;
  PyObject* result = names != NULL ? PyEval_EvalCode(code, names, names) : NULL;
  const int status = result != NULL ? 0 : -1;
  Py_XDECREF(result);
  Py_XDECREF(code);
  PyErr_Clear();
  return status;
}

int bare_run(PyThreadState* state, const char* source) {
  PyThreadState* caller = PyThreadState_Swap(state);
  const int status = execute(source);
  PyThreadState_Swap(caller);
  return status;
}

void bare_destroy(PyThreadState* state) {
  PyThreadState* caller = PyThreadState_Swap(state);
  Py_EndInterpreter(state);
  PyThreadState_Swap(caller);
}
