// See session.h.
#include "impl/low/session.h"

#include "impl/common/version.h"
#include "impl/low/lookup.h"
#include "impl/low/runtime_access.h"

namespace pep554 {

// CPython 3.11 aborts when it is to make a first thread state for the second time.
static PyThreadState* new_state(PyInterpreterState* interp) {
  if (PyInterpreterState_ThreadHead(interp) == nullptr) {
    PyErr_Format(PyExc_RuntimeError, "interpreter %lld has lost its thread state",
                 static_cast<long long>(PyInterpreterState_GetID(interp)));
    return nullptr;
  }
  PyThreadState* state = PyThreadState_New(interp);
  if (state == nullptr)
    PyErr_NoMemory(); // GCOVR_EXCL_LINE: only without memory
  return state;
}

Session::Session(PyInterpreterState* interp)
    : caller_(PyThreadState_Get()), known_(PyGILState_GetThisThreadState()),
      state_(new_state(interp)) {
  if (state_ == nullptr)
    return;
  pep554_set_gilstate(state_);
  PyThreadState_Swap(state_);
}

void Session::return_to_caller() {
  pep554_set_gilstate(known_);
  PyThreadState_Swap(caller_);
}

void Session::leave() {
  if (state_ == nullptr)
    return;
  if (auto* heir = oldest_thread(state_->interp, state_))
    pass_on_delete(state_, heir);
  // While it is still current: what dies with it may have destructors, and they belong in there.
  in_python([this] { PyThreadState_Clear(state_); });
  return_to_caller();
  PyThreadState_Delete(std::exchange(state_, nullptr));
}

void Session::end_interpreter() {
  in_python([this] { Py_EndInterpreter(std::exchange(state_, nullptr)); });
  return_to_caller();
}

} // namespace pep554
