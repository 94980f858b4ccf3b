// See session.h.
#include "impl/low/session.h"

#include "impl/common/version.h"
#include "impl/low/lookup.h"

namespace pep554 {

Session::Session(PyInterpreterState* interp)
    : caller_(PyThreadState_Get()), state_(PyThreadState_New(interp)) {
  if (state_ == nullptr) {
    PyErr_NoMemory(); // GCOVR_EXCL_LINE: only without memory
    return;           // GCOVR_EXCL_LINE
  }
  PyThreadState_Swap(state_);
}

void Session::leave() {
  if (state_ == nullptr)
    return;
  if (auto* heir = oldest_thread(state_->interp, state_))
    pass_on_delete(state_, heir);
  // While it is still current: what dies with it may have destructors, and they belong in there.
  in_python([this] { PyThreadState_Clear(state_); });
  PyThreadState_Swap(caller_);
  PyThreadState_Delete(std::exchange(state_, nullptr));
}

void Session::end_interpreter() {
  in_python([this] { Py_EndInterpreter(std::exchange(state_, nullptr)); });
  PyThreadState_Swap(caller_);
}

} // namespace pep554
