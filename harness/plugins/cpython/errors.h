// Converts the current Python exception to the error record of the ABI.
#pragma once

#include <string>
#include <string_view>

#include "harness/abi/pep554_plugin.h"
#include "harness/plugins/cpython/objects.h"

namespace pep554::cpython {

// Copies text into a record's array of `size` bytes: NUL-terminated, a NUL within shown as \x00,
// cut at the boundary of a character.
void copy_text(char* to, size_t size, std::string_view text);

// Fills the record for a status that is not about an exception.
pep554_status_t set_error(pep554_error_t* error, pep554_status_t status,
                          const std::string& message);

// Takes the exception that is set (SystemExit and the like too) and describes it; none is set
// afterwards. `module` is the implementation's module. Always PEP554_RAISED.
//
// The category is what the exception itself says, in this order:
//   script-failed  a type named RunFailedError or ExecutionFailed, or derived from one, or from a
//                  RunFailedError that the module exposes
//   not-found      a type named InterpreterNotFoundError, or derived from one; "unrecognized
//                  interpreter ID" in the message of any RuntimeError
//   busy           the message is, or ends with, "already running", or is "interpreter running"
//   unsupported    NotImplementedError
//   bad-argument   TypeError, ValueError, OverflowError
//   other          everything else
pep554_status_t raised(pep554_error_t* error, PyObject* module);

// The exception that is set, as one line "Type: message"; none is set afterwards.
std::string take_exception_line();

} // namespace pep554::cpython
