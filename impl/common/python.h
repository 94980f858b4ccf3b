// The one place that includes Python.h, and what every file of the two modules needs beside it: an
// owning reference, and in_python(), through which C++ code makes every call that may execute
// Python code (and thereby may never come back).
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <cxxabi.h>
#include <unistd.h>

#include <utility>

#if PY_VERSION_HEX < 0x030B0000 || PY_VERSION_HEX >= 0x03100000
#error                                                                                             \
    "this implementation knows CPython 3.11 to 3.15; see common/version.h for what another one needs"
#endif

namespace pep554 {

// Calls `call`. A runtime that finalizes ends every other thread by pthread_exit as soon as it asks
// for the GIL. That unwinds the stack, and destructors would then touch Python without the GIL; so
// such a thread stops here for good and disappears with the process, as later CPythons have it.
// (A forced unwind has no exception object: UBSan would report a reference to null. GCC keeps to
// a narrower attribute only where it does not inline the function.)
template <class Call>
__attribute__((no_sanitize("undefined"))) auto in_python(Call&& call) {
  try {
    return std::forward<Call>(call)();
  } catch (abi::__forced_unwind&) {
    for (;;)
      pause();
  }
}

// An owned reference; empty where the call that made it failed. Needs the GIL, and to die in the
// interpreter in which it was made.
class Ref {
public:
  Ref() = default;
  explicit Ref(PyObject* owned) : object_(owned) {}
  Ref(Ref&& other) noexcept : object_(other.release()) {}
  Ref& operator=(Ref&& other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  Ref(const Ref&) = delete;
  Ref& operator=(const Ref&) = delete;
  ~Ref() {
    in_python([this] { Py_XDECREF(object_); });
  }

  static Ref borrowed(PyObject* object) { return Ref(Py_XNewRef(object)); }

  PyObject* get() const { return object_; }
  PyObject* release() { return std::exchange(object_, nullptr); }
  explicit operator bool() const { return object_ != nullptr; }

private:
  PyObject* object_ = nullptr;
};

} // namespace pep554
