// Python objects and the GIL with owners, and the few conversions that the plugin needs. Everything
// here but Gil wants the GIL held.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "harness/plugins/cpython/python_api.h"

namespace pep554::cpython {

// One reference, or none.
class Ref {
public:
  Ref() = default;
  explicit Ref(PyObject* owned) : object_(owned) {}
  static Ref borrowed(PyObject* object) {
    if (object != nullptr)
      py.Py_IncRef(object);
    return Ref(object);
  }
  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Ref& operator=(Ref&& other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  Ref(const Ref&) = delete;
  Ref& operator=(const Ref&) = delete;
  ~Ref() {
    if (object_ != nullptr)
      py.Py_DecRef(object_);
  }

  PyObject* get() const { return object_; }
  PyObject* release() { return std::exchange(object_, nullptr); }
  explicit operator bool() const { return object_ != nullptr; }

private:
  PyObject* object_ = nullptr;
};

// The GIL, for a scope, on any thread that has a thread state or may get one.
class Gil {
public:
  Gil() : state_(py.PyGILState_Ensure()) {}
  ~Gil() { py.PyGILState_Release(state_); }
  Gil(const Gil&) = delete;
  Gil& operator=(const Gil&) = delete;

private:
  PyGILState_STATE state_;
};

// Calls with one argument, or with none. Empty when an exception is set.
Ref call(PyObject* callable, PyObject* argument = nullptr);

// A str from UTF-8, strictly. Empty when an exception is set.
Ref text(std::string_view utf8);

// The text of a str as UTF-8, surrogates escaped. False when an exception is set.
bool to_utf8(PyObject* str, std::string& utf8);

// str(object). False when an exception is set.
bool str_of(PyObject* object, std::string& utf8);

// An attribute if there is one; no exception is set in any case.
Ref attribute_or_none(PyObject* object, const char* name);

// Runs source text in a namespace, as the body of a module. Empty when an exception is set.
Ref execute(std::string_view source, const char* file, PyObject* names);

} // namespace pep554::cpython
