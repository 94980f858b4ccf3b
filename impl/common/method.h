// Wrappers for functions that Python calls: they parse arguments into the C API's types, and turn
// C++ exceptions into Python's.
#pragma once

#include "impl/common/python.h"

#include <new>

namespace pep554 {

// A function called by vectorcall, its arguments by position or keyword.
using FastFunction = PyObject* (*)(PyObject* self, PyObject* const* args, Py_ssize_t positional,
                                   PyObject* keywords);

// The arguments by PyArg_ParseTupleAndKeywords, for its errors.
bool parse_slowly(PyObject* const* args, Py_ssize_t positional, PyObject* keywords,
                  const char* format, const char** names, PyObject** first, PyObject** second);

// Takes `count` (1 or 2) required arguments, borrowed. `format` and `names` (which ends with a
// null) as for PyArg_ParseTupleAndKeywords: for wrong calls, which are a TypeError, and for
// keywords.
template <Py_ssize_t count>
bool parse(PyObject* const* args, Py_ssize_t positional, PyObject* keywords, const char* format,
           const char** names, PyObject** first, PyObject** second = nullptr) {
  static_assert(count == 1 || count == 2);
  if (positional != count || keywords != nullptr)
    return parse_slowly(args, positional, keywords, format, names, first, second);
  *first = args[0];
  if constexpr (count == 2)
    *second = args[1];
  return true;
}

// The only C++ exception that can occur below is the one for memory.
template <auto function, class... Args>
PyObject* guarded(Args... args) {
  try {
    return function(args...);
  } catch (const std::bad_alloc&) { // GCOVR_EXCL_START: only without memory
    return PyErr_NoMemory();
  } // GCOVR_EXCL_STOP
}

// A function in the one type that method tables know.
inline PyCFunction as_method(FastFunction function) {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

} // namespace pep554
