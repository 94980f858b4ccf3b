// See interpreter_type.h.
#include "impl/high/interpreter_type.h"

#include "impl/common/method.h"

#include <cstdint>

namespace pep554 {

struct InterpreterObject {
  PyObject_HEAD int64_t id;
};

static int64_t id_of(PyObject* self) {
  return reinterpret_cast<InterpreterObject*>(self)->id;
}

// Null without an error where `type` is not our class or derived from it.
static const ModuleState* state_of_type(PyTypeObject* type) {
  PyObject* module = PyType_GetModuleByDef(type, &interpreters_definition);
  return module != nullptr ? state_of(module) : nullptr;
}

static PyObject* call_for(PyObject* self, Function function, PyObject* argument = nullptr) {
  const auto* state = state_of_type(Py_TYPE(self));
  const Ref id(state != nullptr ? PyLong_FromLongLong(id_of(self)) : nullptr);
  return id ? call_low(state, function, id.get(), argument) : nullptr;
}

static PyObject* allocate(PyTypeObject* type, PyObject* id) {
  const int64_t value = PyLong_AsLongLong(id);
  if (value < 0) {
    if (PyErr_Occurred() == nullptr) // what the low-level module has answered may be anything
      PyErr_SetString(PyExc_ValueError, "an interpreter ID must not be negative");
    return nullptr;
  }
  PyObject* self = type->tp_alloc(type, 0);
  if (self != nullptr)
    reinterpret_cast<InterpreterObject*>(self)->id = value;
  return self;
}

// The int of an object with __index__, which is called once; any other object unchanged.
static Ref to_int(PyObject* object) {
  if (PyLong_Check(object) || !PyIndex_Check(object))
    return Ref::borrowed(object);
  return Ref(in_python([object] { return PyNumber_Index(object); }));
}

// The low-level question is only asked for its errors: it knows which ids there are.
static PyObject* new_interpreter(PyTypeObject* type, PyObject* args, PyObject* kwargs) {
  static const char* names[] = {"id", nullptr};
  PyObject* object = nullptr;
  const auto* state = state_of_type(type);
  if (state == nullptr || PyArg_ParseTupleAndKeywords(args, kwargs, "O:Interpreter",
                                                      const_cast<char**>(names), &object) == 0)
    return nullptr;
  const Ref id = to_int(object);
  const Ref known(id ? call_low(state, kIsRunning, id.get()) : nullptr);
  return known ? allocate(type, id.get()) : nullptr;
}

static void dealloc(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(type);
}

static PyObject* repr(PyObject* self) {
  const Ref name(PyType_GetName(Py_TYPE(self)));
  return name ? PyUnicode_FromFormat("%U(%lld)", name.get(), static_cast<long long>(id_of(self)))
              : nullptr;
}

static Py_hash_t hash(PyObject* self) {
  return static_cast<Py_hash_t>(id_of(self));
}

static PyObject* compare(PyObject* self, PyObject* other, int operation) {
  const auto* state = state_of_type(Py_TYPE(self));
  if (state == nullptr)
    return nullptr;
  const int comparable =
      PyObject_TypeCheck(other, reinterpret_cast<PyTypeObject*>(state->interpreter_type));
  if (!comparable || (operation != Py_EQ && operation != Py_NE))
    Py_RETURN_NOTIMPLEMENTED;
  return PyBool_FromLong((id_of(self) == id_of(other)) == (operation == Py_EQ));
}

static PyObject* get_id(PyObject* self, void*) {
  return PyLong_FromLongLong(id_of(self));
}

static PyObject* is_running(PyObject* self, PyObject*) {
  return call_for(self, kIsRunning);
}

static PyObject* destroy(PyObject* self, PyObject*) {
  return call_for(self, kDestroy);
}

static PyObject* run(PyObject* self, PyObject* const* args, Py_ssize_t positional,
                     PyObject* keywords) {
  static const char* names[] = {"code", nullptr};
  PyObject* code = nullptr;
  if (!parse<1>(args, positional, keywords, "O:run", names, &code))
    return nullptr;
  return call_for(self, kRun, code);
}

static PyObject* refuse_pickle(PyObject* self, PyObject*) {
  return PyErr_Format(PyExc_TypeError,
                      "cannot pickle or copy '%.200s' object: it is bound to this process",
                      Py_TYPE(self)->tp_name);
}

static PyMethodDef methods[] = {
    {"is_running", is_running, METH_NOARGS,
     "is_running($self)\n--\n\nReturn whether or not the interpreter is currently running."},
    {"destroy", destroy, METH_NOARGS,
     "destroy($self)\n--\n\nFinalize and destroy the interpreter."},
    {"run", as_method(run), METH_FASTCALL | METH_KEYWORDS,
     "run($self, code)\n--\n\n"
     "Run the provided Python source text in the interpreter, in the current OS thread.\n\n"
     "An exception that it does not catch becomes a RunFailedError here."},
    {"__reduce__", refuse_pickle, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr}};

static PyGetSetDef properties[] = {
    {"id", get_id, nullptr, "The interpreter's ID (read-only).", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

static const char* const doc = "Interpreter(id)\n--\n\nThe existing interpreter that has this ID.";

static PyType_Slot slots[] = {{Py_tp_doc, const_cast<char*>(doc)},
                              {Py_tp_new, reinterpret_cast<void*>(new_interpreter)},
                              {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
                              {Py_tp_repr, reinterpret_cast<void*>(repr)},
                              {Py_tp_hash, reinterpret_cast<void*>(hash)},
                              {Py_tp_richcompare, reinterpret_cast<void*>(compare)},
                              {Py_tp_methods, methods},
                              {Py_tp_getset, properties},
                              {0, nullptr}};

static PyType_Spec spec = {"interpreters.Interpreter", sizeof(InterpreterObject), 0,
                           Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE,
                           slots};

Ref make_interpreter_type(PyObject* module) {
  return Ref(PyType_FromModuleAndSpec(module, &spec, nullptr));
}

PyObject* wrap_id(const ModuleState* state, PyObject* id) {
  if (id == nullptr)
    return nullptr;
  return allocate(reinterpret_cast<PyTypeObject*>(state->interpreter_type), id);
}

} // namespace pep554
