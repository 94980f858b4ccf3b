// Source text: checked in the caller's interpreter, executed in another one.
#pragma once

#include "impl/low/code_cache.h"

#include <cstdint>

namespace pep554 {

struct Source {
  const char* text; // UTF-8, valid as long as the str lives; null: there is none, see the exception
  size_t size;      // in bytes
  Py_hash_t hash;   // of the str
};

// The source text of a str. Raises for other objects: TypeError if not a str, ValueError for a NUL,
// UnicodeEncodeError for lone surrogates.
Source source_text(PyObject* code);

// Compiles and executes `source` in the __main__ of the current interpreter, interpreter `id`;
// compiled code is taken from `cache`, which may be null, and put there. False with the exception
// that it did not catch.
bool execute(const Source& source, int64_t id, CodeCache* cache);

} // namespace pep554
