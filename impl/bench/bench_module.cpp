// The extension module pep554_bench: Google Benchmark in the process of the Python under test. The
// driver says what is called; the calls are made here, by the vectorcall protocol, as the bytecode
// of a caller would make them.
#include "impl/bench/bare.h"

#include <benchmark/benchmark.h>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

// Callables and arguments live as long as the process, as the benchmarks do.
PyObject* kept(PyObject* object) {
  return Py_NewRef(object);
}

// A call of a callable, or of the method of that name of the first argument.
class Call {
public:
  Call(PyObject* target, PyObject* arguments) : target_(kept(target)) {
    for (Py_ssize_t i = 0; i < PyTuple_Size(arguments); ++i)
      arguments_.push_back(kept(PyTuple_GetItem(arguments, i)));
  }

  // With one more argument where `last` is given. A new reference, or null with an exception.
  PyObject* operator()(PyObject* last = nullptr) const {
    PyObject* stack[4] = {};
    size_t count = 1; // the slot before the arguments is the callee's to use
    for (PyObject* argument : arguments_)
      stack[count++] = argument;
    if (last != nullptr)
      stack[count++] = last;
    const size_t flags = (count - 1) | PY_VECTORCALL_ARGUMENTS_OFFSET;
    return PyUnicode_Check(target_) ? PyObject_VectorcallMethod(target_, stack + 1, flags, nullptr)
                                    : PyObject_Vectorcall(target_, stack + 1, flags, nullptr);
  }

private:
  PyObject* target_;
  std::vector<PyObject*> arguments_;
};

// Whether the call worked; if not, the benchmark ends.
bool done(benchmark::State& state, PyObject* result) {
  if (result != nullptr) {
    Py_DECREF(result);
    return true;
  }
  PyErr_Print();
  state.SkipWithError("the call raised an exception");
  return false;
}

void add(const std::string& name, auto body) {
  benchmark::RegisterBenchmark(name.c_str(), std::move(body))
      ->MeasureProcessCPUTime()
      ->Unit(benchmark::kMicrosecond);
}

PyObject* add_call(PyObject*, PyObject* args) {
  const char* name = nullptr;
  PyObject* target = nullptr;
  PyObject* arguments = nullptr;
  if (!PyArg_ParseTuple(args, "sOO!:add_call", &name, &target, &PyTuple_Type, &arguments))
    return nullptr;
  add(name, [call = Call(target, arguments)](benchmark::State& state) {
    for ([[maybe_unused]] auto _ : state)
      if (!done(state, call()))
        break;
  });
  Py_RETURN_NONE;
}

PyObject* add_call_with_each(PyObject*, PyObject* args) {
  const char* name = nullptr;
  PyObject* target = nullptr;
  PyObject* arguments = nullptr;
  PyObject* make = nullptr;
  if (!PyArg_ParseTuple(args, "sOO!O:add_call_with_each", &name, &target, &PyTuple_Type, &arguments,
                        &make))
    return nullptr;
  add(name, [call = Call(target, arguments), make = kept(make)](benchmark::State& state) {
    PyObject* list =
        PyObject_CallFunction(make, "n", static_cast<Py_ssize_t>(state.max_iterations));
    Py_ssize_t next = 0;
    for ([[maybe_unused]] auto _ : state)
      if (!done(state, list != nullptr ? call(PyList_GetItem(list, next++)) : nullptr))
        break;
    Py_XDECREF(list);
  });
  Py_RETURN_NONE;
}

PyObject* add_pair(PyObject*, PyObject* args) {
  const char* name = nullptr;
  PyObject* create = nullptr;
  PyObject* destroy = nullptr;
  if (!PyArg_ParseTuple(args, "sOO:add_pair", &name, &create, &destroy))
    return nullptr;
  PyObject* none = PyTuple_New(0);
  add(name, [first = Call(create, none), second = Call(destroy, none)](benchmark::State& state) {
    for ([[maybe_unused]] auto _ : state) {
      PyObject* made = first();
      const bool destroyed = done(state, made != nullptr ? second(made) : nullptr);
      Py_XDECREF(made);
      if (!destroyed)
        break;
    }
  });
  Py_XDECREF(none);
  Py_RETURN_NONE;
}

PyObject* add_bare_pair(PyObject*, PyObject* args) {
  const char* name = nullptr;
  if (!PyArg_ParseTuple(args, "s:add_bare_pair", &name))
    return nullptr;
  add(name, [](benchmark::State& state) {
    for ([[maybe_unused]] auto _ : state) {
      PyThreadState* made = bare_create();
      if (made == nullptr) {
        state.SkipWithError("the C API made no interpreter");
        break;
      }
      bare_destroy(made);
    }
  });
  Py_RETURN_NONE;
}

PyObject* measure(PyObject*, PyObject* flags) {
  std::vector<std::string> words{"pep554_bench"};
  for (Py_ssize_t i = 0; i < PySequence_Size(flags); ++i) {
    PyObject* flag = PySequence_GetItem(flags, i);
    const char* text = flag != nullptr ? PyUnicode_AsUTF8(flag) : nullptr;
    if (text != nullptr)
      words.emplace_back(text);
    Py_XDECREF(flag);
    if (text == nullptr)
      return nullptr;
  }
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  int argc = static_cast<int>(words.size());
  benchmark::Initialize(&argc, argv.data());
  if (argc > 1)
    return PyErr_Format(PyExc_ValueError, "unknown flag %s", argv[1]);
  std::ostringstream out;
  benchmark::JSONReporter reporter;
  reporter.SetOutputStream(&out);
  reporter.SetErrorStream(&out);
  benchmark::RunSpecifiedBenchmarks(&reporter);
  return PyUnicode_FromString(out.str().c_str());
}

PyMethodDef methods[] = {
    {"add_call", add_call, METH_VARARGS,
     "add_call(name, target, args)\n--\n\nCall target(*args); a str names a method of args[0]."},
    {"add_call_with_each", add_call_with_each, METH_VARARGS,
     "add_call_with_each(name, target, args, make)\n--\n\n"
     "Call target(*args, item), with another item of the list make(count) each time."},
    {"add_pair", add_pair, METH_VARARGS,
     "add_pair(name, create, destroy)\n--\n\nCall destroy(create())."},
    {"add_bare_pair", add_bare_pair, METH_VARARGS,
     "add_bare_pair(name)\n--\n\nMake and end an interpreter by the bare C API."},
    {"measure", measure, METH_O,
     "measure(flags)\n--\n\nRun what was added; return Google Benchmark's JSON."},
    {nullptr, nullptr, 0, nullptr}};

PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "pep554_bench", nullptr, 0, methods, nullptr, nullptr, nullptr, nullptr};

} // namespace

PyMODINIT_FUNC PyInit_pep554_bench() {
  return PyModuleDef_Init(&definition);
}
