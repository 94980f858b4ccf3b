// See script.h.
#include "impl/low/script.h"

#include <cstring>

namespace pep554 {

Source source_text(PyObject* code) {
  if (!PyUnicode_Check(code)) {
    PyErr_Format(PyExc_TypeError, "code must be a str of source text, not %.200s",
                 Py_TYPE(code)->tp_name);
    return {};
  }
  Py_ssize_t size = 0;
  const char* text = PyUnicode_AsUTF8AndSize(code, &size);
  if (text != nullptr && std::strlen(text) != static_cast<size_t>(size)) {
    PyErr_SetString(PyExc_ValueError, "source text cannot contain null characters");
    return {};
  }
  // Not PyObject_Hash: a class derived from str may have another one.
  return {text, static_cast<size_t>(size), text != nullptr ? PyUnicode_Type.tp_hash(code) : 0};
}

// A byte order mark is no part of the text; the compiler knows it only at the head of a file.
static const char* skip_mark(const char* source) {
  static constexpr const char* kMark = "\xef\xbb\xbf";
  return std::strncmp(source, kMark, 3) == 0 ? source + 3 : source;
}

static Ref compile(const char* source, const Ref& name) {
  if (!name)
    return {}; // GCOVR_EXCL_LINE: only without memory
  // The text is decoded already.
  PyCompilerFlags flags = {PyCF_SOURCE_IS_UTF8 | PyCF_IGNORE_COOKIE, PY_MINOR_VERSION};
  return Ref(in_python([&] {
    return Py_CompileStringObject(skip_mark(source), name.get(), Py_file_input, &flags, -1);
  }));
}

// Makes __main__ anew where code has removed it or put something else in its place.
static PyObject* main_namespace(const Ref& name) {
  PyObject* module = name ? PyImport_AddModuleObject(name.get()) : nullptr;
  return module != nullptr ? PyModule_GetDict(module) : nullptr;
}

static Ref obtain_code(const Source& source, int64_t id, CodeCache& cache) {
  const std::string_view text(source.text, source.size);
  Ref code = cache.find(source.hash, text);
  if (!code && (code = compile(source.text, cache.file_name(id))))
    cache.add(source.hash, text, code);
  return code;
}

static bool execute_with(const Source& source, int64_t id, CodeCache& cache) {
  const Ref code = obtain_code(source, id, cache);
  const Ref globals = Ref::borrowed(code ? main_namespace(cache.main_name()) : nullptr);
  if (!globals)
    return false;
  const Ref result(
      in_python([&] { return PyEval_EvalCode(code.get(), globals.get(), globals.get()); }));
  return static_cast<bool>(result);
}

bool execute(const Source& source, int64_t id, CodeCache* cache) {
  if (cache != nullptr)
    return execute_with(source, id, *cache);
  CodeCache none;
  return execute_with(source, id, none);
}

} // namespace pep554
