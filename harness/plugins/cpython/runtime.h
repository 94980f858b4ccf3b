// The runtime of the ABI: one CPython with the module under test imported.
#pragma once

#include <mutex>
#include <unordered_set>

#include "harness/plugins/cpython/objects.h"
#include "harness/plugins/cpython/options.h"

// The slots say when they may be called. Never destroyed.
struct pep554_runtime {
  pep554::cpython::Settings settings;
  PyObject* module = nullptr;    // `interpreters`, owned
  PyObject* names = nullptr;     // of eval: the dict of __main__, owned
  PyThreadState* main = nullptr; // of the runtime's thread, while it does not hold the GIL

  // The objects behind the handles that the caller holds, a reference each. The mutex is held for
  // the container alone, never while Python works.
  std::mutex mutex;
  std::unordered_multiset<PyObject*> held;
};

namespace pep554::cpython {

// Starts CPython, imports the module, and gives up the GIL. Throws StartError.
pep554_runtime_t* start_runtime(const Settings& settings);

// A handle is the object itself. hand_out makes one from a reference, take_back ends it.
pep554_interpreter_t* hand_out(pep554_runtime_t* runtime, Ref object);
Ref take_back(pep554_runtime_t* runtime, pep554_interpreter_t* handle);

// The ABI's slots stop and describe. At the end, handles that are still held become a variable of
// __main__, as in a program that ends with interpreters alive: references that only C holds would
// keep alive what CPython expects to be gone, which no program in Python could do.
pep554_status_t stop_runtime(pep554_runtime_t* runtime, pep554_error_t* error);
pep554_status_t describe_runtime(pep554_runtime_t* runtime, pep554_fact_fn fact, void* context,
                                 pep554_error_t* error);

// Whether the adapter's __invents__ has the slot's name: the operation is none of the
// implementation's.
bool is_invented(pep554_runtime_t* runtime, const char* slot);

} // namespace pep554::cpython
