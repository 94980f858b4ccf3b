// A visit to another interpreter: this OS thread gets a thread state of its own in there, made for
// the visit, so that nothing tied to a thread (threading.local, contexts) is seen by another
// thread. C code that asks for the thread state of this thread (PyGILState_Ensure) finds it, too.
#pragma once

#include "impl/common/python.h"

namespace pep554 {

// Needs the GIL, held by a thread state of the calling interpreter, which is current again when the
// session is over. Where entering failed it is false, the error set in the caller.
class Session {
public:
  explicit Session(PyInterpreterState* interp);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { leave(); }

  explicit operator bool() const { return state_ != nullptr; }
  PyThreadState* state() const { return state_; }
  const PyThreadState* caller() const { return caller_; }

  // Back to the caller before the end of the scope. No effect the second time.
  void leave();

  // Finalizes the interpreter, and returns to the caller. This thread state must be its only one.
  void end_interpreter();

private:
  void return_to_caller();

  PyThreadState* caller_;
  PyThreadState* known_; // what PyGILState_Ensure found before; mostly the caller
  PyThreadState* state_;
};

} // namespace pep554
