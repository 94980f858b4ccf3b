// The beginning and the end of interpreters, and what happens to them when the process forks or
// exits.
#pragma once

#include <cstdint>

namespace pep554 {

// Makes an interpreter in this OS thread and leaves it idle, the caller's current as before. Its
// id, or -1 with an exception, and then nothing of it is left.
int64_t create_interpreter();

// Finalizes an interpreter in this OS thread. False with a RuntimeError, the interpreter unharmed,
// where there is no such one, or it is the main one, the current one, occupied, or has threads.
bool destroy_interpreter(int64_t id);

// For the process's exit: destroys what create() made and is not yet destroyed; those that cannot
// be destroyed, because they are executing or have threads, are left to their fate. Further
// creation is refused from here on.
void destroy_leftovers();

// For the very end of the runtime, which aborts over what create() made and is still there, since
// it was made, or ended, after the former, or that was never called. Needs no more than the GIL of
// main.
void unlist_leftovers();

} // namespace pep554
