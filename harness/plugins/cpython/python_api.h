// The functions of the stable ABI that the plugin uses, found at run time in the libpython that it
// is told to load. Their types come from the headers, so the compiler checks every call; the macros
// of the headers, which would reach into objects, are never used.
#pragma once

#include <stdexcept>
#include <string>

#define PY_SSIZE_T_CLEAN
#include <Python.h>

namespace pep554::cpython {

// Why the runtime cannot start; what() is one clear line.
class StartError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

// clang-format off
#define PEP554_PYTHON_FUNCTIONS(use) \
  use(Py_GetVersion) use(Py_InitializeEx) use(Py_FinalizeEx) use(Py_IncRef) use(Py_DecRef) \
  use(Py_CompileString) use(Py_DecodeLocale) \
  use(PyEval_EvalCode) use(PyEval_SaveThread) use(PyEval_RestoreThread) \
  use(PyGILState_Ensure) use(PyGILState_Release) \
  use(PyOS_BeforeFork) use(PyOS_AfterFork_Parent) use(PyOS_AfterFork_Child) \
  use(PyImport_ImportModule) \
  use(PyObject_CallObject) use(PyObject_GetAttrString) use(PyObject_SetAttrString) \
  use(PyObject_HasAttrString) use(PyObject_IsSubclass) use(PyObject_IsTrue) use(PyObject_Str) \
  use(PyObject_Type) use(PyErr_Fetch) use(PyErr_NormalizeException) use(PyErr_Clear) \
  use(PyErr_Occurred) use(PyErr_ExceptionMatches) use(PyErr_GivenExceptionMatches) \
  use(PyDict_New) use(PyDict_SetItemString) use(PyDict_GetItemString) \
  use(PySequence_List) use(PySequence_Tuple) use(PySequence_Contains) \
  use(PyList_New) use(PyList_Append) use(PyList_Size) use(PyList_GetItem) \
  use(PyTuple_New) use(PyTuple_SetItem) use(PyTuple_Size) use(PyTuple_GetItem) \
  use(PyLong_FromString) use(PyLong_FromLong) \
  use(PyUnicode_DecodeUTF8) use(PyUnicode_AsEncodedString) use(PyBytes_AsStringAndSize)

// Variables that hold an exception type.
#define PEP554_PYTHON_EXCEPTIONS(use) \
  use(PyExc_AttributeError) use(PyExc_TypeError) use(PyExc_ValueError) use(PyExc_OverflowError) \
  use(PyExc_RuntimeError) use(PyExc_NotImplementedError)
// clang-format on

// The table. Filled once, before the runtime starts; one libpython a process.
struct PythonApi {
  // NOLINTBEGIN(bugprone-macro-parentheses): the argument is a name to be declared
#define PEP554_MEMBER(name) decltype(&::name) name = nullptr;
  PEP554_PYTHON_FUNCTIONS(PEP554_MEMBER)
#undef PEP554_MEMBER
#define PEP554_MEMBER(name) PyObject** name = nullptr;
  PEP554_PYTHON_EXCEPTIONS(PEP554_MEMBER)
#undef PEP554_MEMBER
  // NOLINTEND(bugprone-macro-parentheses)

  // Not part of the stable ABI for good; null where they are gone.
  int* no_site_flag = nullptr;                        // Py_NoSiteFlag
  void (*set_python_home)(const wchar_t*) = nullptr;  // Py_SetPythonHome
  void (*set_program_name)(const wchar_t*) = nullptr; // Py_SetProgramName
  // From 3.12 on: the main interpreter is running when the program that embeds it says so.
  PyInterpreterState* (*main_interpreter)() = nullptr;    // PyInterpreterState_Main
  int (*set_running_main)(PyInterpreterState*) = nullptr; // _PyInterpreterState_Set...
  void (*set_not_running_main)(PyInterpreterState*) = nullptr;
  std::string path; // of the library, resolved
};

extern PythonApi py;

// Loads the library for everyone in the process, as extension modules expect. Throws StartError.
void load_python(const std::string& libpython);

} // namespace pep554::cpython
