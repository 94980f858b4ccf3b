// From ids to interpreters: the argument, the list, the questions asked of one of them, and the
// wording of every error about them. All need the GIL and set the error indicator on failure.
#pragma once

#include "impl/common/python.h"

#include <cstdint>
#include <vector>

namespace pep554 {

int64_t current_id();
int64_t main_id();
bool is_main(PyInterpreterState* interp);

// Every interpreter of the process, ascending (which is the order of creation).
std::vector<int64_t> all_ids();

// A PyArg "O&" converter to int64_t. Integers by __index__, except bool: TypeError; negative:
// ValueError; beyond 64 bits: OverflowError.
int convert_id(PyObject* object, void* id);

// Null and RuntimeError "unrecognized interpreter ID 7" where there is none.
PyInterpreterState* find_interpreter(int64_t id);

// Whether it is executing Python code now: by a run, by being the one that asks, or in a thread
// that somebody else put there. Threads that the code of a subinterpreter left behind do not count.
bool is_executing(PyInterpreterState* interp);

// The number of its thread states apart from `own`, which may be null.
int count_threads(PyInterpreterState* interp, const PyThreadState* own);

// Its oldest thread state but `own`, or null.
PyThreadState* oldest_thread(PyInterpreterState* interp, const PyThreadState* own);

// RuntimeError "interpreter 7 is already running".
void raise_busy(int64_t id);

} // namespace pep554
