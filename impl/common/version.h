// What differs between versions of CPython, each difference in one small function: module slots,
// the raised exception, and the few fields of a thread state that no function gives access to.
// Everything written here is for 3.11; a further version adds its branch here and nowhere else.
#pragma once

#include "impl/common/python.h"

#include <algorithm>

namespace pep554 {

// Takes the raised exception out of the error indicator, its traceback attached. The indicator must
// be set.
inline Ref take_raised() {
  PyObject* type = nullptr;
  PyObject* value = nullptr;
  PyObject* traceback = nullptr;
  PyErr_Fetch(&type, &value, &traceback);
  in_python([&] { PyErr_NormalizeException(&type, &value, &traceback); });
  const Ref owned_type(type);
  const Ref owned_traceback(traceback);
  if (traceback != nullptr)
    PyException_SetTraceback(value, traceback);
  return Ref(value);
}

// Prints the exception, as the interpreter would an uncaught one, to its sys.stderr. Not for one
// with hundreds of causes: where the display fails, it says so on the stderr of the process.
inline void print_exception(PyObject* exception) {
  const Ref traceback(PyException_GetTraceback(exception));
  auto* type = reinterpret_cast<PyObject*>(Py_TYPE(exception));
  in_python([&] { PyErr_Display(type, exception, traceback.get()); });
}

// Whether Python code is on the stack of this thread state.
inline bool has_frame(const PyThreadState* state) {
  return state->cframe->current_frame != nullptr;
}

// One OS thread has one C stack: code run by `caller` in `state` may recurse no deeper than
// `caller` itself could, or a chain of nested runs would overflow it. What we do afterwards, to
// describe a failure, may again.
inline void share_recursion_depth(PyThreadState* state, const PyThreadState* caller) {
  state->recursion_remaining = std::min(state->recursion_remaining, caller->recursion_remaining);
}

inline void restore_recursion_depth(PyThreadState* state) {
  state->recursion_remaining = state->recursion_limit;
}

// `threading` ties the life of its main thread object to the thread state that imported it first.
// Ours last for one run, the main thread object for the interpreter's life: pass the tie on.
inline void pass_on_delete(PyThreadState* from, PyThreadState* to) {
  if (from->on_delete == nullptr || to->on_delete != nullptr)
    return;
  to->on_delete = std::exchange(from->on_delete, nullptr);
  to->on_delete_data = std::exchange(from->on_delete_data, nullptr);
}

// Ends that main thread object now.
inline void call_on_delete(PyThreadState* state) {
  if (auto* function = std::exchange(state->on_delete, nullptr))
    function(std::exchange(state->on_delete_data, nullptr));
}

// From now on starting a thread in the current interpreter is a RuntimeError: one started by a
// destructor during finalization would run on freed memory.
inline void forbid_new_threads() {
  const_cast<PyConfig*>(_Py_GetConfig())->_isolated_interpreter = 1;
}

} // namespace pep554
