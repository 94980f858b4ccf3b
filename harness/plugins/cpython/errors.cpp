#include "harness/plugins/cpython/errors.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <initializer_list>

namespace pep554::cpython {
namespace {

// An exception taken from the interpreter, with its texts read as far as they can be.
struct Taken {
  Ref type;
  Ref value;
  std::string name;
  std::string message;
};

bool matches(const Taken& taken, PyObject** exception) {
  return py.PyErr_GivenExceptionMatches(taken.type.get(), *exception) != 0;
}

Taken take() {
  PyObject* type = nullptr;
  PyObject* value = nullptr;
  PyObject* traceback = nullptr;
  py.PyErr_Fetch(&type, &value, &traceback);
  py.PyErr_NormalizeException(&type, &value, &traceback);
  const Ref dropped(traceback);
  Taken taken{Ref(type), Ref(value), {}, {}};
  const Ref name = taken.type ? attribute_or_none(taken.type.get(), "__name__") : Ref();
  if (!name || !to_utf8(name.get(), taken.name))
    py.PyErr_Clear();
  if (taken.value && !str_of(taken.value.get(), taken.message)) {
    py.PyErr_Clear();
    taken.message = "(str() of the exception failed)";
  }
  return taken;
}

// Whether the type, or one that it derives from, has one of these names.
bool is_named(const Taken& taken, std::initializer_list<std::string_view> names) {
  const Ref bases = attribute_or_none(taken.type.get(), "__mro__");
  const Ref types(bases ? py.PySequence_Tuple(bases.get()) : nullptr);
  for (Py_ssize_t i = 0; types && i < py.PyTuple_Size(types.get()); ++i) {
    const Ref name = attribute_or_none(py.PyTuple_GetItem(types.get(), i), "__name__");
    std::string text;
    if (name && to_utf8(name.get(), text) && std::ranges::find(names, text) != names.end())
      return true;
  }
  py.PyErr_Clear();
  return false;
}

bool is_run_failure(const Taken& taken, PyObject* module) {
  if (is_named(taken, {"RunFailedError", "ExecutionFailed"}))
    return true;
  const Ref exposed = module != nullptr ? attribute_or_none(module, "RunFailedError") : Ref();
  const int derived = exposed ? py.PyObject_IsSubclass(taken.type.get(), exposed.get()) : 0;
  py.PyErr_Clear(); // what is exposed may be no class
  return derived > 0;
}

pep554_category_t category_of(const Taken& taken, PyObject* module) {
  const std::string_view message = taken.message;
  if (is_run_failure(taken, module))
    return PEP554_SCRIPT_FAILED;
  if (is_named(taken, {"InterpreterNotFoundError"}) ||
      (matches(taken, py.PyExc_RuntimeError) &&
       message.find("unrecognized interpreter ID") != std::string_view::npos))
    return PEP554_NOT_FOUND;
  if (message.ends_with("already running") || message == "interpreter running")
    return PEP554_BUSY;
  if (matches(taken, py.PyExc_NotImplementedError))
    return PEP554_NOT_SUPPORTED;
  if (matches(taken, py.PyExc_TypeError) || matches(taken, py.PyExc_ValueError) ||
      matches(taken, py.PyExc_OverflowError))
    return PEP554_BAD_ARGUMENT;
  return PEP554_OTHER;
}

} // namespace

void copy_text(char* to, size_t size, std::string_view text) {
  std::string escaped; // no more of it than it takes to see where to cut
  for (size_t i = 0; i < text.size() && escaped.size() < size; ++i)
    text[i] != '\0' ? escaped += text[i] : escaped += "\\x00";
  size_t length = std::min(escaped.size(), size - 1);
  // Back to the first byte of the character that would be cut in two.
  while (length > 0 && length < escaped.size() &&
         (static_cast<std::uint8_t>(escaped[length]) & 0xC0U) == 0x80U)
    --length;
  std::memcpy(to, escaped.data(), length);
  to[length] = '\0';
}

pep554_status_t set_error(pep554_error_t* error, pep554_status_t status,
                          const std::string& message) {
  error->category = PEP554_OTHER;
  copy_text(error->type, sizeof error->type, "");
  copy_text(error->message, sizeof error->message, message);
  return status;
}

pep554_status_t raised(pep554_error_t* error, PyObject* module) {
  const Taken taken = take();
  if (!taken.type)
    return set_error(error, PEP554_FAILED, "a call failed without an exception");
  error->category = category_of(taken, module);
  copy_text(error->type, sizeof error->type, taken.name);
  copy_text(error->message, sizeof error->message, taken.message);
  return PEP554_RAISED;
}

std::string take_exception_line() {
  const Taken taken = take();
  return taken.name + ": " + taken.message;
}

} // namespace pep554::cpython
