// See method.h.
#include "impl/common/method.h"

namespace pep554 {

static Ref to_tuple(PyObject* const* args, Py_ssize_t positional) {
  Ref tuple(PyTuple_New(positional));
  for (Py_ssize_t i = 0; tuple && i < positional; ++i)
    PyTuple_SET_ITEM(tuple.get(), i, Py_NewRef(args[i]));
  return tuple;
}

static Ref to_dict(PyObject* const* values, PyObject* keywords) {
  Ref dict(PyDict_New());
  const Py_ssize_t count = keywords != nullptr ? PyTuple_GET_SIZE(keywords) : 0;
  for (Py_ssize_t i = 0; dict && i < count; ++i)
    if (PyDict_SetItem(dict.get(), PyTuple_GET_ITEM(keywords, i), values[i]) < 0)
      return {}; // GCOVR_EXCL_LINE: only without memory
  return dict;
}

bool parse_slowly(PyObject* const* args, Py_ssize_t positional, PyObject* keywords,
                  const char* format, const char** names, PyObject** first, PyObject** second) {
  const Ref tuple = to_tuple(args, positional);
  const Ref dict = to_dict(args + positional, keywords);
  return tuple && dict &&
         PyArg_ParseTupleAndKeywords(tuple.get(), dict.get(), format, const_cast<char**>(names),
                                     first, second) != 0;
}

} // namespace pep554
