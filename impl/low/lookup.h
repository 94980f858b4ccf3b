// Finds interpreters by id: the argument, the list, and the message of every error about them. All
// need the GIL of the calling interpreter and set the error indicator on failure.
#pragma once

#include "impl/common/python.h"

#include <cstdint>
#include <vector>

namespace pep554 {

int64_t current_id();
int64_t main_id();

// Every interpreter of the process, ascending (which is the order of creation), but for what is
// only being made; and those.
std::vector<int64_t> all_ids();
std::vector<int64_t> unfinished_ids();

// Integers by __index__, except bool: TypeError; negative: ValueError; beyond 64 bits:
// OverflowError.
bool convert_id(PyObject* object, int64_t* id);

// Whether it is executing Python code now: by a run, as the caller itself, or in a thread
// that somebody else put there. Threads that the code of a subinterpreter left behind do not count.
// 1 or 0; -1 and RuntimeError "unrecognized interpreter ID 7" where there is none.
int ask_running(int64_t id);

// The interpreter, for one that has claimed it and is about to enter it. Null and RuntimeError
// where there is none, or "interpreter 7 is already running" by somebody else's doing.
PyInterpreterState* find_idle(int64_t id);

// RuntimeError "interpreter 7 is already running"; where there is no 7, that it is unrecognized.
void raise_busy(int64_t id);

} // namespace pep554
