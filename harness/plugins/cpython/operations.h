// The operations of the module, called by their Python names only. Each is a slot of the ABI.
#pragma once

#include "harness/abi/pep554_plugin.h"

namespace pep554::cpython {

using Runtime = pep554_runtime_t;
using Interpreter = pep554_interpreter_t;
using Error = pep554_error_t;

pep554_status_t enumerate(Runtime* runtime, Interpreter** interpreters, size_t capacity,
                          size_t* count, Error* error);
pep554_status_t get_current(Runtime* runtime, Interpreter** interpreter, Error* error);
pep554_status_t get_main(Runtime* runtime, Interpreter** interpreter, Error* error);
pep554_status_t create(Runtime* runtime, Interpreter** interpreter, Error* error);
pep554_status_t construct(Runtime* runtime, const char* id, Interpreter** interpreter,
                          Error* error);
pep554_status_t read_id(Runtime* runtime, Interpreter* interpreter, char* buffer, size_t capacity,
                        size_t* length, Error* error);
pep554_status_t write_id(Runtime* runtime, Interpreter* interpreter, const char* id, Error* error);
pep554_status_t is_running(Runtime* runtime, Interpreter* interpreter, int32_t* running,
                           Error* error);
pep554_status_t destroy(Runtime* runtime, Interpreter* interpreter, Error* error);
pep554_status_t run(Runtime* runtime, Interpreter* interpreter, const char* code, size_t size,
                    Error* error);
void release(Runtime* runtime, Interpreter* interpreter);

} // namespace pep554::cpython
