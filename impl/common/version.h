// What differs between versions of CPython, each difference in one small function; the runtime's
// own structures are low/runtime_access.c's. A further version adds its branches in these two
// files.
#pragma once

#include "impl/common/python.h"

#include <algorithm>

// From 3.13 on CPython has a built-in module _interpreters, which is found before any other.
#if PY_VERSION_HEX >= 0x030D0000
#define PEP554_LOW_NAME "_pep554_interpreters"
#define PEP554_LOW_INIT PyInit__pep554_interpreters
#else
#define PEP554_LOW_NAME "_interpreters"
#define PEP554_LOW_INIT PyInit__interpreters
#endif

// What a module definition says about itself: usable in an interpreter with a GIL of its own. It is
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

// One OS thread has one C stack: code run by `caller` in `state` may recurse no deeper than
// `caller` itself could, or a chain of nested runs would overflow it. What we do afterwards, to
// describe a failure, may again: end().
class SharedDepth {
public:
  SharedDepth(PyThreadState* state, const PyThreadState* caller) : state_(state) {
#if PY_VERSION_HEX >= 0x030C0000
    taken_ = take(state->py_recursion_remaining, caller->py_recursion_remaining);
#if PY_VERSION_HEX < 0x030E0000
    taken_in_c_ = take(state->c_recursion_remaining, caller->c_recursion_remaining);
#endif
#else
    taken_ = take(state->recursion_remaining, caller->recursion_remaining);
#endif
  }
  SharedDepth(const SharedDepth&) = delete;
  SharedDepth& operator=(const SharedDepth&) = delete;
  ~SharedDepth() {
    end();
  }

  // While the state is there. No effect the second time.
  void end() {
    PyThreadState* state = std::exchange(state_, nullptr);
    if (state == nullptr)
      return;
#if PY_VERSION_HEX >= 0x030C0000
    state->py_recursion_remaining += taken_;
#if PY_VERSION_HEX < 0x030E0000
    state->c_recursion_remaining += taken_in_c_;
#endif
#else
    state->recursion_remaining += taken_;
#endif
  }

private:
  static int take(int& remaining, int others) {
    const int before = remaining;
    remaining = std::min(remaining, others);
    return before - remaining;
  }

  PyThreadState* state_;
  int taken_ = 0;
  [[maybe_unused]] int taken_in_c_ = 0;
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

// What of an interpreter that is being ended when the process exits: up to 3.13 it stays listed to
// the last moment, in case its end comes first; from 3.14 on another thread can take its GIL for
// good.
inline constexpr bool kUnlistsLate = PY_VERSION_HEX < 0x030E0000;
inline constexpr bool kHoldsEnding = PY_VERSION_HEX >= 0x030E0000;

// Whether interpreters execute at the same time, each under a GIL of its own.
inline constexpr bool kOwnGil = PY_VERSION_HEX >= 0x030C0000;

} // namespace pep554
