// Source text: checked in the caller's interpreter, executed in another one.
#pragma once

#include "impl/common/python.h"

#include <cstdint>

namespace pep554 {

// The UTF-8 of a str, valid as long as the str lives. Null and an exception for what is no source
// text: TypeError if not a str, ValueError for a NUL, UnicodeEncodeError for lone surrogates.
const char* source_text(PyObject* code);

// Compiles and executes `source` in the __main__ of the current interpreter, interpreter `id`.
// False with the exception that it did not catch.
bool execute(const char* source, int64_t id);

} // namespace pep554
