// What every function that Python calls is wrapped in: argument parsing with the types that the C
// API wants, and the line that no C++ exception crosses.
#pragma once

#include "impl/common/python.h"

#include <new>

namespace pep554 {

// PyArg_ParseTupleAndKeywords; `names` ends with a null.
template <class... Targets>
bool parse(PyObject* args, PyObject* kwargs, const char* format, const char** names,
           Targets... targets) {
  return in_python([&] {
    return PyArg_ParseTupleAndKeywords(args, kwargs, format, const_cast<char**>(names),
                                       targets...) != 0;
  });
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

// A function with keywords in the one type that method tables know.
inline PyCFunction as_method(PyCFunctionWithKeywords function) {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

} // namespace pep554
