// The runtime of the ABI: one CPython with the module under test imported.
#pragma once

#include "harness/plugins/cpython/objects.h"
#include "harness/plugins/cpython/options.h"

// The slots say when they may be called. Never destroyed.
struct pep554_runtime {
  pep554::cpython::Settings settings;
  PyObject* module = nullptr;    // `interpreters`, owned
  PyObject* names = nullptr;     // of eval, a dict, owned
  PyThreadState* main = nullptr; // of the runtime's thread, while it does not hold the GIL
};

namespace pep554::cpython {

// Starts CPython, imports the module, and gives up the GIL. Throws StartError.
pep554_runtime_t* start_runtime(const Settings& settings);

// The ABI's slots stop and describe.
pep554_status_t stop_runtime(pep554_runtime_t* runtime, pep554_error_t* error);
pep554_status_t describe_runtime(pep554_runtime_t* runtime, pep554_fact_fn fact, void* context,
                                 pep554_error_t* error);

// Whether the adapter says of a slot, by its name in __invents__, that it is none of the
// implementation's.
bool is_invented(pep554_runtime_t* runtime, const char* slot);

} // namespace pep554::cpython
