#include "harness/plugins/cpython/runtime.h"

#include <memory>

#include "harness/plugins/cpython/errors.h"
#include "harness/plugins/cpython/probe.h"
#include "harness/plugins/cpython/startup.h"

namespace pep554::cpython {
namespace {

// Prints the facts of this runtime, without importing modules that programs would then find
// imported.
constexpr std::string_view facts_source = R"(
import posix, sys
def yes(flag): return "yes" if flag else "no"
def on(flag): return "on" if flag else "off"
def env(name): return posix.environ.get(name.encode(), b"").decode("utf-8", "replace")
facts = [
    ("implementation", sys.implementation.name),
    ("version", "%d.%d.%d%s" % (sys.version_info[:3] + ({"final": ""}.get(
        sys.version_info[3], "%s%d" % sys.version_info[3:]),))),
    ("build", " ".join(sys.version.split())),
    ("platform", sys.platform + " " + posix.uname().machine),
    ("gil", on(getattr(sys, "_is_gil_enabled", lambda: True)())),
    ("debug", yes(hasattr(sys, "gettotalrefcount"))),
    ("hash_seed", env("PYTHONHASHSEED")),
    ("allocator", env("PYTHONMALLOC") or "default"),
    ("site", on("site" in sys.modules)),
    ("prefix", sys.prefix),
    ("executable", sys.executable or ""),
    ("module", interpreters.__name__),
    ("module_file", getattr(interpreters, "__file__", None) or "built-in"),
    ("adapter_invents", " ".join(getattr(interpreters, "__invents__", ()))),
]
)";

PyObject* import_module(const Settings& settings) {
  PyObject* module = py.PyImport_ImportModule("interpreters");
  if (module != nullptr)
    return module;
  std::string tried;
  for (const std::string& path : settings.paths)
    tried += (tried.empty() ? " (first on the path: " : ", ") + path;
  throw StartError("cannot import interpreters: " + take_exception_line() +
                   (tried.empty() ? "" : tried + ")"));
}

// The namespace of a script, which Python itself empties at the end.
PyObject* main_names(PyObject* module) {
  const Ref main(py.PyImport_ImportModule("__main__"));
  Ref names = main ? attribute_or_none(main.get(), "__dict__") : Ref();
  if (!names || py.PyDict_SetItemString(names.get(), "interpreters", module) != 0)
    throw StartError("there is no __main__");
  return names.release();
}

// A namespace as a module has it, with the module under test in it.
Ref fresh_names(PyObject* module) {
  Ref names(py.PyDict_New());
  const Ref builtins(py.PyImport_ImportModule("builtins"));
  const Ref name = text("__facts__");
  py.PyDict_SetItemString(names.get(), "__builtins__", builtins.get());
  py.PyDict_SetItemString(names.get(), "__name__", name.get());
  py.PyDict_SetItemString(names.get(), "interpreters", module);
  return names;
}

// Flushes the output of the module's import, so that programs do not inherit it.
void flush_output(PyObject* module) {
  const Ref names = fresh_names(module);
  const Ref done = execute("import sys\n"
                           "for stream in (sys.stdout, sys.stderr):\n"
                           "    if stream is not None:\n"
                           "        stream.flush()\n",
                           "<flush>", names.get());
  py.PyErr_Clear();
}

// Leaves to Python every reference that C holds.
void let_go(pep554_runtime_t& runtime) {
  const Ref names(std::exchange(runtime.names, nullptr));
  const Ref module(std::exchange(runtime.module, nullptr));
  const Ref handles(py.PyList_New(0));
  for (PyObject* object : runtime.held) {
    const Ref held(object);
    py.PyList_Append(handles.get(), object);
  }
  runtime.held.clear();
  py.PyDict_SetItemString(names.get(), "handles", handles.get());
  py.PyErr_Clear();
}

// An executable of Python does so from 3.12 on. Without it the main interpreter would count as one
// in which nothing runs, although all code that asks is executed by it.
void say_that_main_runs(bool runs) {
  if (py.main_interpreter == nullptr || py.set_running_main == nullptr ||
      py.set_not_running_main == nullptr)
    return;
  if (!runs)
    py.set_not_running_main(py.main_interpreter());
  else if (py.set_running_main(py.main_interpreter()) != 0)
    py.PyErr_Clear();
}

bool send_pair(PyObject* pair, pep554_fact_fn fact, void* context) {
  std::string key;
  std::string value;
  const Ref both(py.PySequence_Tuple(pair));
  if (!both || !str_of(py.PyTuple_GetItem(both.get(), 0), key) ||
      !str_of(py.PyTuple_GetItem(both.get(), 1), value))
    return false;
  fact(context, key.c_str(), value.c_str());
  return true;
}

} // namespace

pep554_runtime_t* start_runtime(const Settings& settings) {
  auto runtime = std::make_unique<pep554_runtime>();
  runtime->settings = settings;
  load_python(settings.libpython);
  use_adapter(runtime->settings,
              settings.adapter == "auto" ? choose_adapter(settings) : settings.adapter);
  initialize(runtime->settings);
  runtime->module = import_module(runtime->settings);
  flush_output(runtime->module);
  runtime->names = main_names(runtime->module);
  say_that_main_runs(true);
  runtime->main = py.PyEval_SaveThread();
  return runtime.release();
}

pep554_interpreter_t* hand_out(pep554_runtime_t* runtime, Ref object) {
  const std::scoped_lock lock(runtime->mutex);
  runtime->held.insert(object.get());
  return reinterpret_cast<pep554_interpreter_t*>(object.release());
}

Ref take_back(pep554_runtime_t* runtime, pep554_interpreter_t* handle) {
  auto* object = reinterpret_cast<PyObject*>(handle);
  const std::scoped_lock lock(runtime->mutex);
  runtime->held.erase(runtime->held.find(object));
  return Ref(object);
}

pep554_status_t stop_runtime(pep554_runtime_t* runtime, pep554_error_t* error) {
  py.PyEval_RestoreThread(runtime->main);
  let_go(*runtime);
  say_that_main_runs(false);
  if (py.Py_FinalizeEx() == 0)
    return PEP554_OK;
  return set_error(error, PEP554_RAISED, "Py_FinalizeEx could not flush what was buffered");
}

pep554_status_t describe_runtime(pep554_runtime_t* runtime, pep554_fact_fn fact, void* context,
                                 pep554_error_t* error) {
  const Gil gil;
  const Ref names = fresh_names(runtime->module);
  const Ref done = execute(facts_source, "<facts>", names.get());
  const Ref facts(done ? py.PySequence_List(py.PyDict_GetItemString(names.get(), "facts"))
                       : nullptr);
  if (!facts)
    return set_error(error, PEP554_FAILED, take_exception_line());
  for (Py_ssize_t i = 0; i < py.PyList_Size(facts.get()); ++i)
    if (!send_pair(py.PyList_GetItem(facts.get(), i), fact, context))
      return set_error(error, PEP554_FAILED, take_exception_line());
  fact(context, "adapter", runtime->settings.adapter.c_str());
  fact(context, "via", "embedded");
  fact(context, "libpython", py.path.c_str());
  return PEP554_OK;
}

bool is_invented(pep554_runtime_t* runtime, const char* slot) {
  const Ref invents = attribute_or_none(runtime->module, "__invents__");
  const Ref name = text(slot);
  const bool found = invents && py.PySequence_Contains(invents.get(), name.get()) == 1;
  py.PyErr_Clear();
  return found;
}

} // namespace pep554::cpython
