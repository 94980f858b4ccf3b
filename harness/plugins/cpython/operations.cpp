#include "harness/plugins/cpython/operations.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "harness/plugins/cpython/errors.h"
#include "harness/plugins/cpython/guard.h"
#include "harness/plugins/cpython/runtime.h"

namespace pep554::cpython {
namespace {

PyObject* object_of(Interpreter* interpreter) {
  return reinterpret_cast<PyObject*>(interpreter);
}

// An object with none of an Interpreter's names: it is no incomplete Interpreter, but none at all.
bool is_something_else(Runtime* runtime, PyObject* object) {
  return object != runtime->module &&
         std::ranges::none_of(
             std::array{"id", "is_running", "destroy", "run"},
             [&](const char* name) { return py.PyObject_HasAttrString(object, name) != 0; });
}

// The answer for an attribute that could not be read. Only a missing one is unsupported; one that
// fails is the implementation's answer, and so is an object of another kind.
pep554_status_t lacking(Runtime* runtime, PyObject* object, const char* name, Error* error) {
  const bool absent = py.PyErr_ExceptionMatches(*py.PyExc_AttributeError) != 0;
  const pep554_status_t status = raised(error, runtime->module);
  if (!absent || py.PyObject_HasAttrString(object, name) != 0 || is_something_else(runtime, object))
    return status;
  const Ref type(py.PyObject_Type(object));
  if (py.PyObject_HasAttrString(type.get(), name) != 0)
    return status;
  return set_error(error, PEP554_UNSUPPORTED, std::string("there is no ") + name);
}

// object.name(argument), or object.name() for a null argument.
pep554_status_t call_method(Runtime* runtime, PyObject* object, const char* name,
                            PyObject* argument, Ref& result, Error* error) {
  const Ref method(py.PyObject_GetAttrString(object, name));
  if (!method)
    return lacking(runtime, object, name, error);
  result = call(method.get(), argument);
  return result ? PEP554_OK : raised(error, runtime->module);
}

// A function of the module that answers with an interpreter.
pep554_status_t one(Runtime* runtime, const char* name, Interpreter** interpreter, Error* error) {
  return guarded(error, [&] {
    Ref result;
    const pep554_status_t status =
        call_method(runtime, runtime->module, name, nullptr, result, error);
    if (status == PEP554_OK)
      *interpreter = hand_out(runtime, std::move(result));
    return status;
  });
}

bool is_decimal(std::string_view text) {
  if (text.starts_with('-'))
    text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// An int of any size if the text is one, else the text. Empty when an exception is set.
Ref id_from(const char* id) {
  return is_decimal(id) ? Ref(py.PyLong_FromString(id, nullptr, 10)) : text(id);
}

} // namespace

pep554_status_t enumerate(Runtime* runtime, Interpreter** interpreters, size_t capacity,
                          size_t* count, Error* error) {
  return guarded(error, [&] {
    Ref result;
    const pep554_status_t status =
        call_method(runtime, runtime->module, "enumerate", nullptr, result, error);
    if (status != PEP554_OK)
      return status;
    const Ref list(py.PySequence_List(result.get()));
    if (!list)
      return raised(error, runtime->module);
    *count = static_cast<size_t>(py.PyList_Size(list.get()));
    for (size_t i = 0; *count <= capacity && i < *count; ++i)
      interpreters[i] = hand_out(
          runtime, Ref::borrowed(py.PyList_GetItem(list.get(), static_cast<Py_ssize_t>(i))));
    return PEP554_OK;
  });
}

pep554_status_t get_current(Runtime* runtime, Interpreter** interpreter, Error* error) {
  return one(runtime, "get_current", interpreter, error);
}

pep554_status_t get_main(Runtime* runtime, Interpreter** interpreter, Error* error) {
  return one(runtime, "get_main", interpreter, error);
}

pep554_status_t create(Runtime* runtime, Interpreter** interpreter, Error* error) {
  return one(runtime, "create", interpreter, error);
}

pep554_status_t construct(Runtime* runtime, const char* id, Interpreter** interpreter,
                          Error* error) {
  return guarded(error, [&] {
    const Ref value = id_from(id);
    if (!value)
      return set_error(error, PEP554_FAILED, "not an id: " + take_exception_line());
    Ref result;
    const pep554_status_t status =
        call_method(runtime, runtime->module, "Interpreter", value.get(), result, error);
    if (status == PEP554_OK)
      *interpreter = hand_out(runtime, std::move(result));
    return status;
  });
}

pep554_status_t read_id(Runtime* runtime, Interpreter* interpreter, char* buffer, size_t capacity,
                        size_t* length, Error* error) {
  return guarded(error, [&] {
    const Ref id(py.PyObject_GetAttrString(object_of(interpreter), "id"));
    if (!id)
      return lacking(runtime, object_of(interpreter), "id", error);
    std::string text;
    if (!str_of(id.get(), text))
      return raised(error, runtime->module);
    *length = text.size();
    if (text.size() < capacity)
      std::memcpy(buffer, text.c_str(), text.size() + 1);
    return PEP554_OK;
  });
}

pep554_status_t write_id(Runtime* runtime, Interpreter* interpreter, const char* id, Error* error) {
  return guarded(error, [&] {
    if (is_invented(runtime, "write_id"))
      return set_error(error, PEP554_UNSUPPORTED, "the attribute is the adapter's");
    PyObject* object = object_of(interpreter);
    const Ref before(py.PyObject_GetAttrString(object, "id"));
    if (!before)
      return lacking(runtime, object, "id", error);
    const Ref value = id_from(id);
    if (!value)
      return set_error(error, PEP554_FAILED, "not an id: " + take_exception_line());
    if (py.PyObject_SetAttrString(object, "id", value.get()) != 0)
      return raised(error, runtime->module);
    return PEP554_OK;
  });
}

pep554_status_t is_running(Runtime* runtime, Interpreter* interpreter, int32_t* running,
                           Error* error) {
  return guarded(error, [&] {
    Ref result;
    const pep554_status_t status =
        call_method(runtime, object_of(interpreter), "is_running", nullptr, result, error);
    if (status != PEP554_OK)
      return status;
    const int truth = py.PyObject_IsTrue(result.get());
    if (truth < 0)
      return raised(error, runtime->module);
    *running = truth;
    return PEP554_OK;
  });
}

pep554_status_t destroy(Runtime* runtime, Interpreter* interpreter, Error* error) {
  return guarded(error, [&] {
    Ref result;
    return call_method(runtime, object_of(interpreter), "destroy", nullptr, result, error);
  });
}

pep554_status_t run(Runtime* runtime, Interpreter* interpreter, const char* code, size_t size,
                    Error* error) {
  return guarded(error, [&] {
    const Ref source = text({code, size});
    if (!source)
      return set_error(error, PEP554_FAILED, "the code is no text: " + take_exception_line());
    Ref result;
    return call_method(runtime, object_of(interpreter), "run", source.get(), result, error);
  });
}

void release(Runtime* runtime, Interpreter* interpreter) {
  const Gil gil;
  const Ref dropped = take_back(runtime, interpreter);
}

} // namespace pep554::cpython
