// A visit to another interpreter: this OS thread gets a thread state of its own in there, in which
// nothing of an earlier visit is left (threading.local, contexts). C code that asks for the thread
// state of this thread (PyGILState_Ensure) finds it, too. Making and freeing a thread state costs
// several times as much as a short run, so that of one visit is kept for the next where it can be.
#pragma once

#include "impl/common/python.h"
#include "impl/common/version.h"

#include <cstdint>
#include <optional>

namespace pep554 {

// The thread state of a visit that is over, kept for the next one.
struct Parked {
  PyThreadState* state = nullptr;
  uint64_t thread = 0; // whose it was; never another's, as the system's own idents may be
};

// Needs a GIL, held by a thread state of the calling interpreter, which is current again when the
// session is over. Where entering failed it is false, the error set in the caller.
class Session {
public:
  // `parked`: where to find the thread state of the last visit, if there is one, and to leave this
  // one's; or null, to keep none. No other thread may use it while this session lasts.
  explicit Session(PyInterpreterState* interp, Parked* parked = nullptr);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { leave(); }

  explicit operator bool() const { return state_ != nullptr; }
  PyThreadState* state() const { return state_; }

  // Code in there recurses no deeper than the caller's still could: from now on some deeper, for
  // what has to be done however deep the caller is.
  void allow_depth();

  // Back to the caller before the end of the scope. No effect the second time.
  void leave();

  // Finalizes the interpreter, and returns to the caller. This thread state must be its only one.
  void end_interpreter();

private:
  void return_to_caller();
  void keep();
  void free();

  PyThreadState* caller_;
  PyThreadState* known_; // what PyGILState_Ensure found before; mostly the caller
  Parked* parked_;
  PyThreadState* state_;
  std::optional<SharedDepth> depth_;
};

// Attaches a thread to an interpreter for good, holding its GIL: none of its code executes any
// more. For one that still executes when the process exits. Waits until the GIL can be had, but for
// five seconds at most: code of an extension module may never let go of it, and then does not touch
// what is the runtime's.
void hold_forever(PyInterpreterState* interp);

} // namespace pep554
