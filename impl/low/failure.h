// Describes an uncaught exception of another interpreter to the caller: as text, without objects.
// It is taken there and raised here.
#pragma once

#include "impl/common/python.h"

#include <string>

namespace pep554 {

// UTF-8, in which lone surrogates are allowed.
struct Failure {
  std::string type_name;
  std::string message;
  std::string traceback;
};

// Takes the raised exception, clears the error indicator. Never fails: what of the exception cannot
// be had (its __str__ raises) is replaced by a remark.
Failure take_failure();

// Makes the exception type of this interpreter; RunFailedError(RuntimeError). The str of an
// instance is its message, and the traceback below it.
Ref make_run_failed_error();

// Raises `type` with the message "<type name>: <message>" and the parts as attributes.
void raise_failure(PyObject* type, const Failure& failure);

} // namespace pep554
