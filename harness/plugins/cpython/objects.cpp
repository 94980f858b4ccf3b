#include "harness/plugins/cpython/objects.h"

namespace pep554::cpython {

Ref call(PyObject* callable, PyObject* argument) {
  if (argument == nullptr)
    return Ref(py.PyObject_CallObject(callable, nullptr));
  const Ref arguments(py.PyTuple_New(1));
  if (!arguments)
    return {};
  py.PyTuple_SetItem(arguments.get(), 0, Ref::borrowed(argument).release()); // takes it over
  return Ref(py.PyObject_CallObject(callable, arguments.get()));
}

Ref text(std::string_view utf8) {
  return Ref(py.PyUnicode_DecodeUTF8(utf8.data(), static_cast<Py_ssize_t>(utf8.size()), "strict"));
}

bool to_utf8(PyObject* str, std::string& utf8) {
  const Ref bytes(py.PyUnicode_AsEncodedString(str, "utf-8", "backslashreplace"));
  char* data = nullptr;
  Py_ssize_t size = 0;
  if (!bytes || py.PyBytes_AsStringAndSize(bytes.get(), &data, &size) != 0)
    return false;
  utf8.assign(data, static_cast<size_t>(size));
  return true;
}

bool str_of(PyObject* object, std::string& utf8) {
  const Ref str(py.PyObject_Str(object));
  return str && to_utf8(str.get(), utf8);
}

Ref attribute_or_none(PyObject* object, const char* name) {
  Ref attribute(py.PyObject_GetAttrString(object, name));
  if (!attribute)
    py.PyErr_Clear();
  return attribute;
}

// Through compile(), which takes a str: source may hold NUL, and it is the compiler's to refuse.
Ref execute(std::string_view source, const char* file, PyObject* names) {
  const Ref builtins(py.PyImport_ImportModule("builtins"));
  const Ref compile = builtins ? Ref(py.PyObject_GetAttrString(builtins.get(), "compile")) : Ref();
  const Ref arguments(py.PyTuple_New(3));
  Ref code_text = text(source);
  if (!compile || !arguments || !code_text)
    return {};
  py.PyTuple_SetItem(arguments.get(), 0, code_text.release());
  py.PyTuple_SetItem(arguments.get(), 1, text(file).release());
  py.PyTuple_SetItem(arguments.get(), 2, text("exec").release());
  const Ref code(py.PyObject_CallObject(compile.get(), arguments.get()));
  return code ? Ref(py.PyEval_EvalCode(code.get(), names, names)) : Ref();
}

} // namespace pep554::cpython
