// The differences between versions of CPython, each in one small function; the runtime's
// own structures are low/runtime_access.c's. A further version adds its branches in these two
// files.
#pragma once

#include "impl/common/python.h"

#include <algorithm>
#include <limits>
#include <utility>

// From 3.13 on CPython has a built-in module _interpreters, which is found before any other.
#if PY_VERSION_HEX >= 0x030D0000
#define PEP554_LOW_NAME "_pep554_interpreters"
#define PEP554_LOW_INIT PyInit__pep554_interpreters
#else
#define PEP554_LOW_NAME "_interpreters"
#define PEP554_LOW_INIT PyInit__interpreters
#endif

// Module slots: the module is usable in an interpreter with a GIL of its own. It is
// not declared safe without any GIL: no build to test that on was at hand.
#if PY_VERSION_HEX >= 0x030C0000
#define PEP554_MODULE_SLOTS {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#else
#define PEP554_MODULE_SLOTS
#endif

namespace pep554 {

// Takes the raised exception out of the error indicator, its traceback attached. The indicator must
// be set.
inline Ref take_raised() {
#if PY_VERSION_HEX >= 0x030C0000
  return Ref(PyErr_GetRaisedException());
#else
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
#endif
}

// Prints the exception, as the interpreter would an uncaught one, to its sys.stderr. Not for one
// with hundreds of causes: where the display fails, it says so on the stderr of the process.
inline void print_exception(PyObject* exception) {
#if PY_VERSION_HEX >= 0x030C0000
  in_python([&] { PyErr_DisplayException(exception); });
#else
  const Ref traceback(PyException_GetTraceback(exception));
  auto* type = reinterpret_cast<PyObject*>(Py_TYPE(exception));
  in_python([&] { PyErr_Display(type, exception, traceback.get()); });
#endif
}

// Makes an interpreter; its first thread state is current then. Null where it cannot be made, with
// an exception, unless it is for lack of memory; the caller's state is current then. From 3.12 on
// with a GIL and an allocator of its own, as CPython's own module makes them.
inline PyThreadState* new_interpreter() {
  PyThreadState* caller = PyThreadState_Get();
  PyThreadState* state = nullptr;
#if PY_VERSION_HEX >= 0x030C0000
  // Where an audit hook refuses, Py_NewInterpreterFromConfig ends the process; without a current
  // thread state it does not ask. So we ask.
  if (in_python([] { return PySys_Audit("cpython.PyInterpreterState_New", nullptr); }) < 0)
    return nullptr;
  PyThreadState_Swap(nullptr);
  const PyInterpreterConfig config = _PyInterpreterConfig_INIT;
  const PyStatus status = in_python([&] { return Py_NewInterpreterFromConfig(&state, &config); });
  if (state != nullptr && !PyStatus_Exception(status))
    return state;
  state = nullptr;
  in_python([caller] { PyThreadState_Swap(caller); });
  if (PyStatus_Exception(status)) // else for lack of memory, too
    PyErr_Format(PyExc_RuntimeError, "an interpreter could not be initialized: %s",
                 status.err_msg != nullptr ? status.err_msg : "no reason given");
#else
  state = in_python([] { return Py_NewInterpreter(); });
  if (state == nullptr)
    PyThreadState_Swap(caller);
#endif
  return state;
}

// One OS thread has one C stack: code that `caller` executes in `state` may recurse no deeper than
// `caller` itself could, or a chain of visits would overflow it.
class SharedDepth {
public:
  SharedDepth(PyThreadState* state, const PyThreadState* caller) {
    auto [python, c] = counters(state);
    const auto [callers_python, callers_c] = counters(const_cast<PyThreadState*>(caller));
    python_ = take(python, *callers_python);
    c_ = c == python ? 0 : take(c, *callers_c);
  }

  // For what is not the caller's own code, but has to be done: at least `least` deep.
  void allow(PyThreadState* state, int least) {
    auto [python, c] = counters(state);
    give_back(python, python_, least);
    give_back(c, c_, least);
  }

  void end(PyThreadState* state) { allow(state, std::numeric_limits<int>::max()); }

private:
  // How deep it may still recurse, in Python and in C; where these are one, twice the same.
  static std::pair<int*, int*> counters(PyThreadState* state) {
#if PY_VERSION_HEX >= 0x030E0000
    return {&state->py_recursion_remaining, &state->py_recursion_remaining};
#elif PY_VERSION_HEX >= 0x030C0000
    return {&state->py_recursion_remaining, &state->c_recursion_remaining};
#else
    return {&state->recursion_remaining, &state->recursion_remaining};
#endif
  }

  static int take(int* remaining, int others) {
    return std::exchange(*remaining, std::min(*remaining, others)) - *remaining;
  }

  static void give_back(int* remaining, int& taken, int least) {
    const int given = std::clamp(least - *remaining, 0, taken);
    *remaining += given;
    taken -= given;
  }

  int python_ = 0;
  int c_ = 0;
};

// Up to 3.12 `threading` ties the life of its main thread object to the thread state that imported
// it first; where that state ends before the interpreter does, the tie is passed on.
inline void pass_on_delete(PyThreadState* from, PyThreadState* to) {
#if PY_VERSION_HEX < 0x030D0000
  if (from->on_delete == nullptr || to->on_delete != nullptr)
    return;
  to->on_delete = std::exchange(from->on_delete, nullptr);
  to->on_delete_data = std::exchange(from->on_delete_data, nullptr);
#else
  (void)from;
  (void)to;
#endif
}

// Ends that main thread object now.
inline void call_on_delete(PyThreadState* state) {
#if PY_VERSION_HEX < 0x030D0000
  if (auto* function = std::exchange(state->on_delete, nullptr))
    function(std::exchange(state->on_delete_data, nullptr));
#else
  (void)state;
#endif
}

// Whether an interpreter has to keep the thread state that it was made with: CPython cannot make
// another first one, and other users of the C API expect one to exist. Later ones expect none.
inline constexpr bool kKeepsFirstState = PY_VERSION_HEX < 0x030D0000;

// An interpreter that is being ended when the process exits: up to 3.13 it stays listed to the last
// moment, in case its end comes first; from 3.14 on another thread can take its GIL for
// good.
inline constexpr bool kUnlistsLate = PY_VERSION_HEX < 0x030E0000;
inline constexpr bool kHoldsEnding = PY_VERSION_HEX >= 0x030E0000;

// Whether interpreters execute at the same time, each under a GIL of its own.
inline constexpr bool kOwnGil = PY_VERSION_HEX >= 0x030C0000;

} // namespace pep554
