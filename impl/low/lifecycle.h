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

// For the process's exit: destroys what create() made and nobody destroyed; those that cannot be
// destroyed, because they are executing or have threads, are left to their fate. Further creation
// is refused from here on.
void destroy_leftovers();

} // namespace pep554
