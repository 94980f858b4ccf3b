// See failure.h.
#include "impl/low/failure.h"

#include "impl/common/version.h"

#include <set>

namespace pep554 {

// The text of a str; `otherwise` if there is none, and then clears the error.
static std::string copy_text(const Ref& text, const char* otherwise) {
  const Ref bytes(text ? PyUnicode_AsEncodedString(text.get(), "utf-8", "surrogatepass") : nullptr);
  if (bytes)
    return {PyBytes_AS_STRING(bytes.get()), static_cast<size_t>(PyBytes_GET_SIZE(bytes.get()))};
  PyErr_Clear();
  return otherwise;
}

static Ref to_str(const std::string& text) {
  return Ref(
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogatepass"));
}

static Ref call_method(PyObject* object, const char* name) {
  return Ref(in_python([&] { return PyObject_CallMethod(object, name, nullptr); }));
}

static Ref new_string_io() {
  const Ref module(in_python([] { return PyImport_ImportModule("io"); }));
  return module ? call_method(module.get(), "StringIO") : Ref();
}

static Ref next_in_chain(PyObject* exception) {
  Ref cause(PyException_GetCause(exception));
  return cause ? std::move(cause) : Ref(PyException_GetContext(exception));
}

// Whether the interpreter's display, which recurses from cause to cause, would come to an end.
static bool is_displayable(PyObject* exception) {
  constexpr size_t kMostCauses = 100;
  std::set<PyObject*> seen;
  Ref link = Ref::borrowed(exception);
  while (link && seen.insert(link.get()).second && seen.size() <= kMostCauses)
    link = next_in_chain(link.get());
  return seen.size() <= kMostCauses;
}

// The interpreter's own display of an uncaught exception, read back from a sys.stderr of ours: it
// copes with cyclic causes and failing __str__, and imports nothing into the interpreter.
static std::string format_traceback(PyObject* exception) {
  if (!is_displayable(exception))
    return "(not shown: too many exceptions caused one another)\n";
  const Ref buffer = new_string_io();
  const Ref saved = Ref::borrowed(PySys_GetObject("stderr"));
  if (!buffer || in_python([&] { return PySys_SetObject("stderr", buffer.get()); }) < 0)
    return copy_text(Ref(), "");
  print_exception(exception);
  in_python([&] { return PySys_SetObject("stderr", saved.get()); });
  return copy_text(call_method(buffer.get(), "getvalue"), "");
}

// The str of the exception's arguments; for this module's own error, its message without the
// traceback.
static Ref summary_of(PyObject* exception) {
  auto* base = reinterpret_cast<PyTypeObject*>(PyExc_RuntimeError);
  return Ref(in_python([&] { return base->tp_str(exception); }));
}

static Ref attribute(PyObject* object, const char* name) {
  return Ref(in_python([&] { return PyObject_GetAttrString(object, name); }));
}

// A traceback is text and ends its last line, of which an exception's str is a part.
static Ref without_line_end(PyObject* text) {
  const auto size = PyUnicode_GET_LENGTH(text);
  const bool ends = size > 0 && PyUnicode_READ_CHAR(text, size - 1) == '\n';
  return Ref(PyUnicode_Substring(text, 0, ends ? size - 1 : size));
}

static PyObject* run_failed_str(PyObject* self, PyObject* /*none*/) {
  Ref summary = summary_of(self);
  const Ref traceback = summary ? attribute(self, "traceback") : Ref();
  if (!traceback)
    return nullptr;
  if (!PyUnicode_Check(traceback.get()) || PyUnicode_GET_LENGTH(traceback.get()) == 0)
    return summary.release();
  const Ref shown = without_line_end(traceback.get());
  return shown ? PyUnicode_FromFormat("%U\n\nUncaught in the interpreter:\n\n%U", summary.get(),
                                      shown.get())
               : nullptr;
}

static PyMethodDef str_method = {"__str__", run_failed_str, METH_NOARGS, nullptr};

static bool is_run_failed(PyObject* exception) {
  const Ref found = attribute(reinterpret_cast<PyObject*>(Py_TYPE(exception)), "__str__");
  PyErr_Clear();
  return found && Py_IS_TYPE(found.get(), &PyMethodDescr_Type) &&
         reinterpret_cast<PyMethodDescrObject*>(found.get())->d_method == &str_method;
}

// The message of one of ours is short: else every level of nested runs would double the text, which
// the traceback has in full.
static Ref message_of(PyObject* exception) {
  return is_run_failed(exception) ? summary_of(exception)
                                  : Ref(in_python([&] { return PyObject_Str(exception); }));
}

Failure take_failure() {
  if (PyErr_Occurred() ==
      nullptr) // some functions of the runtime fail for lack of memory and say nothing
    PyErr_NoMemory();
  const Ref exception = take_raised();
  const Ref type_name(PyType_GetName(Py_TYPE(exception.get())));
  const Ref message = message_of(exception.get());
  return {copy_text(type_name, "<unnamed exception>"),
          copy_text(message, "<exception str() failed>"), format_traceback(exception.get())};
}

Ref make_run_failed_error() {
  static constexpr const char* kDoc =
      "Code run in an interpreter raised an exception and did not catch it.\n\n"
      "The exception stays in its interpreter; here are its type_name, its message and its\n"
      "formatted traceback, each a str. Its own str has the traceback, too.";
  const Ref defaults(
      Py_BuildValue("{sOsOsO}", "type_name", Py_None, "message", Py_None, "traceback", Py_None));
  if (!defaults)
    return {}; // GCOVR_EXCL_LINE: only without memory
  Ref type(PyErr_NewExceptionWithDoc("interpreters.RunFailedError", kDoc, PyExc_RuntimeError,
                                     defaults.get()));
  const Ref method(
      type ? PyDescr_NewMethod(reinterpret_cast<PyTypeObject*>(type.get()), &str_method) : nullptr);
  if (!method || PyObject_SetAttrString(type.get(), str_method.ml_name, method.get()) < 0)
    return {}; // GCOVR_EXCL_LINE: only without memory
  return type;
}

static bool set_text(const Ref& exception, const char* name, const std::string& text) {
  const Ref value = to_str(text);
  return value &&
         in_python([&] { return PyObject_SetAttrString(exception.get(), name, value.get()); }) == 0;
}

// Code may still run when the module, and with it the type, has been cleared by finalization.
void raise_failure(PyObject* type, const Failure& failure) {
  const auto* separator = failure.message.empty() ? "" : ": ";
  const Ref text = to_str(failure.type_name + separator + failure.message);
  const Ref exception(
      text && type ? in_python([&] { return PyObject_CallOneArg(type, text.get()); }) : nullptr);
  if (exception && set_text(exception, "type_name", failure.type_name) &&
      set_text(exception, "message", failure.message) &&
      set_text(exception, "traceback", failure.traceback))
    in_python([&] { PyErr_SetObject(type, exception.get()); });
}

} // namespace pep554
